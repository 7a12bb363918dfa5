"""The Docker daemon, through Docker's own SDK: the image is saved to a temporary file without a name and read there."""

from contextlib import ExitStack

from gate.images.access import Access
from gate.images.image import FoundImage
from gate.images.image_cache import ImageCache
from gate.images.limits import Budget
from gate.images.sources.daemon import Daemon, find_in_daemon
from gate.images.sources.daemon_summary import glance_in_daemon


def daemon() -> Daemon:
    """Return the daemon that DOCKER_HOST names."""
    return Daemon(name="Docker", address=None, start="Start it, or set DOCKER_HOST")


def find(reference: str, budget: Budget, opened: ExitStack, access: Access) -> FoundImage:
    """Find the image in the daemon that DOCKER_HOST names: see `gate.images.sources.ImageSource.find`."""
    return find_in_daemon(daemon(), reference, budget, opened, access)


def glance(reference: str, budget: Budget, opened: ExitStack, access: Access, cache: ImageCache) -> FoundImage | None:
    """Ask the daemon what the image is made of: see `gate.images.sources.Glancing.glance`."""
    return glance_in_daemon(daemon(), reference, budget, opened, access, cache)
