"""A registry: not read yet."""

from contextlib import ExitStack

from gate.errors import GateError
from gate.images.content import FoundImage
from gate.images.limits import Budget


def find(reference: str, budget: Budget, opened: ExitStack) -> FoundImage:
    """Raise GateError: the pipeline says how to get the image instead."""
    raise GateError(
        "images are not read from a registry yet",
        path=reference,
        hint=f"Pull it and scan docker:{reference}, or copy it: skopeo copy docker://{reference} oci:FOLDER:latest, "
        "and scan oci-dir:FOLDER",
    )
