"""Where images come from: one file a source, each with `find(reference, budget, opened, access) -> FoundImage`."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from typing import Protocol, cast, runtime_checkable

from gate.core.errors import UnreadableError
from gate.images.access import Access, fits
from gate.images.image import FoundImage, ImageContent
from gate.images.image_cache import ImageCache
from gate.images.layers.unpack import Unpacking
from gate.images.limits import Budget
from gate.model import Image

SOURCES = {
    "archive": "gate.images.sources.archive",
    "oci-dir": "gate.images.sources.oci_folder",
    "rootfs": "gate.images.sources.rootfs",
    "docker": "gate.images.sources.docker",
    "podman": "gate.images.sources.podman",
    "registry": "gate.images.sources.registry",
    "named": "gate.images.sources.by_name",
    "unknown": "gate.images.sources.unknown",
}


class ImageSource(Protocol):
    """What a module of this folder has."""

    def find(self, reference: str, budget: Budget, opened: ExitStack, access: Access) -> FoundImage:
        """Find the image; what is opened for it is closed with `opened`.

        Raises GateError if it is not there, cannot be reached, is damaged, or is not what its digests say.
        """


@runtime_checkable
class Glancing(ImageSource, Protocol):
    """A source that can tell what an image is made of without bringing it here."""

    def glance(self, reference: str, budget: Budget, opened: ExitStack, access: Access) -> FoundImage | None:
        """Return the image with layers that are fetched once somebody reads them; None if nothing sure is told."""


@contextmanager
def open_image(
    target: Image, budget: Budget, access: Access | None = None, memory: ImageCache | None = None
) -> Iterator[ImageContent]:
    """Find the image; its layers can be read inside the `with` while every byte is checked that `memory` knows not.

    What was found out inside holds once the `with` has been left without an error: leaving it raises UnreadableError
    if anything is not what its digests say, also in the place of the damage that this may have led to.
    Raises GateError as `Source.find` and `gate.images.layers.unpack.Unpacking` do, and for an image of another platform
    or without layers.
    """
    source = cast(ImageSource, import_module(SOURCES[target.source]))
    with ExitStack() as opened:
        memory = memory or ImageCache()
        found = _find(source, target.reference, budget, opened, access or Access(), memory)
        _check_platform(found, access, target)
        if not found.layers:
            raise UnreadableError("has no layers, so there is nothing in it", path=target.name)
        with Unpacking(budget, opened) as unpacking:
            image = ImageContent(found, unpacking, budget, memory)
            yield image
        image.keep_answers()


def _find(
    source: ImageSource, reference: str, budget: Budget, opened: ExitStack, access: Access, memory: ImageCache
) -> FoundImage:
    """Find the image; if a glance at it tells that all its layers are known, nothing of it is brought here."""
    if memory.is_kept and isinstance(source, Glancing):
        found = source.glance(reference, budget, opened, access)
        if found is not None and None not in memory.known_layers(found.layers):
            return found
    return source.find(reference, budget, opened, access)


def _check_platform(found: FoundImage, access: Access | None, target: Image) -> None:
    wanted = access.platform if access else None
    if wanted is not None and not fits(found.config.platform, wanted):
        raise UnreadableError(f"is an image for {found.config.platform}, not for {wanted}", path=target.name)
