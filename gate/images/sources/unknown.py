"""An image that a file mentions and whose name is unknown or unreadable: an error, so that it is not missed."""

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
