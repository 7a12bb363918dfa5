"""The packages of an image and nothing else of it, without what looks at the rest; made to run in a worker."""

from pathlib import Path

import msgspec

from gate.core.errors import as_stage_error
from gate.core.path_patterns import is_selected
from gate.images.access import Access
from gate.images.image import ImageContent
from gate.images.image_cache import ImageCache
from gate.images.limits import Budget, Limits
from gate.images.sources import open_image
from gate.inventory.installed.inventory import Installed, read_installed
from gate.model import Image, ImageUses, Package, StageError


class ImagePackages(msgspec.Struct, frozen=True):
    """The packages of an image, and what of it could not be read."""

    packages: tuple[Package, ...]
    errors: tuple[StageError, ...]
    uses: ImageUses | None = None
    """Whether each of `packages` is in use; None if that was not asked."""


class ListOptions(msgspec.Struct, frozen=True):
    """In which files packages are looked for, and within which bounds: see `stages.image` in the settings."""

    limits: Limits
    paths: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


def list_packages(target: Image, options: ListOptions, access: Access, memory_folder: str | None) -> ImagePackages:
    """Open the image, check every byte, and look for packages. Raises as `gate.images.scan.scan_image` does.

    What is known of layers is kept in `memory_folder` from run to run; None: nothing is believed or kept.
    """
    cache = ImageCache(Path(memory_folder) if memory_folder else None)
    with open_image(target, Budget(options.limits), access, cache) as image:
        installed = packages_in(image, options)
    return ImagePackages(installed.packages, tuple(map(as_stage_error, installed.errors)))


def packages_in(image: ImageContent, options: ListOptions) -> Installed:
    """Return the packages of an open image, from an earlier run if all of it could be read then."""

    def look() -> Installed:
        return read_installed(image.tree, lambda path: is_selected(path, options.paths, options.ignore))

    key = ("inventory", msgspec.json.encode(options).decode(), *image.config.rootfs.diff_ids)
    return image.cache.get_or_compute(key, Installed, look, lambda found: not found.errors)
