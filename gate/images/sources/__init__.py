"""Sources of images: one module each, with `find(reference, budget, opened, access) -> FoundImage`."""

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
from gate.images.sources.seen_image import put_seen
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
    """The interface of a source's module."""

    def find(self, reference: str, budget: Budget, opened: ExitStack, access: Access) -> FoundImage:
        """Find the image; what is opened for it is closed with `opened`.

        Raises GateError if it is not there, cannot be reached, is damaged, or is not what its digests say.
        """


@runtime_checkable
class Glancing(ImageSource, Protocol):
    """A source that can describe an image without fetching it."""

    def glance(
        self, reference: str, budget: Budget, opened: ExitStack, access: Access, cache: ImageCache
    ) -> FoundImage | None:
        """Return the image with layers that are fetched when they are read; None if the description is not certain."""


@contextmanager
def open_image(
    target: Image, budget: Budget, access: Access | None = None, cache: ImageCache | None = None
) -> Iterator[ImageContent]:
    """Find the image. Inside the `with` its layers can be read, while all bytes are verified that are not in the cache.

    Results are valid after the `with` was left without an error: leaving it raises UnreadableError if something does
    not have its digest, also in place of an error that this damage has caused. Raises GateError as `ImageSource.find`
    and `gate.images.layers.unpack.Unpacking` do, and for an image of another platform or without layers.
    """
    source = cast(ImageSource, import_module(SOURCES[target.source]))
    with ExitStack() as opened:
        cache = cache or ImageCache()
        found = _find(source, target.reference, budget, opened, access or Access(), cache)
        _check_platform(found, access, target)
        if not found.layers:
            raise UnreadableError("has no layers, so there is nothing in it", path=target.name)
        with Unpacking(budget, opened) as unpacking:
            image = ImageContent(found, unpacking, budget, cache)
            yield image
        image.store_results()


def _find(
    source: ImageSource, reference: str, budget: Budget, opened: ExitStack, access: Access, cache: ImageCache
) -> FoundImage:
    """Find the image; if by its description all layers are in the cache, nothing is fetched."""
    if not (cache.is_persistent and isinstance(source, Glancing)):
        return source.find(reference, budget, opened, access)
    described = source.glance(reference, budget, opened, access, cache)
    if described is not None and None not in cache.known_layers(described.layers):
        return described
    found = source.find(reference, budget, opened, access)
    put_seen(cache, found)
    return found


def _check_platform(found: FoundImage, access: Access | None, target: Image) -> None:
    wanted = access.platform if access else None
    if wanted is not None and not fits(found.config.platform, wanted):
        raise UnreadableError(f"is an image for {found.config.platform}, not for {wanted}", path=target.name)
