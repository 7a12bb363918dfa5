"""An image that a file names and nobody can know or read: an error, not one image less."""

from contextlib import ExitStack

from gate.core.errors import UnreadableError
from gate.images.access import Access
from gate.images.image import FoundImage
from gate.images.limits import Budget


def find(reference: str, budget: Budget, opened: ExitStack, access: Access) -> FoundImage:
    """Raise UnreadableError that says why, which is what `reference` is."""
    place, _, why = reference.partition(": ")
    raise UnreadableError(
        why, path=place, hint="Name the image under images, and under images_from the files that can be read"
    )
