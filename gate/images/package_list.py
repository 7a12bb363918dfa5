"""The packages of an image and nothing else of it, without what looks at the rest; made to run in a worker."""

from collections.abc import Callable

import msgspec

from gate.core.errors import as_stage_error
from gate.images.access import Access
from gate.images.limits import Budget, Limits
from gate.images.sources import open_image
from gate.inventory.installed.inventory import read_installed
from gate.model import Image, Package, StageError


class ImagePackages(msgspec.Struct, frozen=True):
    """The packages of an image, and what of it could not be read."""

    packages: tuple[Package, ...]
    errors: tuple[StageError, ...]


def list_packages(target: Image, limits: Limits, access: Access, is_wanted: Callable[[str], bool]) -> ImagePackages:
    """Open the image, check every byte, and look for packages. Raises as `gate.images.scan.scan_image` does."""
    with open_image(target, Budget(limits), access) as image:
        installed = read_installed(image.tree, is_wanted)
    return ImagePackages(installed.packages, tuple(map(as_stage_error, installed.errors)))
