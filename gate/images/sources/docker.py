"""The Docker daemon, through Docker's own SDK: the image is saved to a temporary file without a name and read there."""

from contextlib import ExitStack

from gate.images.access import Access
from gate.images.content import FoundImage
from gate.images.limits import Budget
from gate.images.sources.daemon import Daemon, find_in_daemon


def find(reference: str, budget: Budget, opened: ExitStack, access: Access) -> FoundImage:
    """Find the image in the daemon that DOCKER_HOST names: see `gate.images.sources.Source.find`."""
    return find_in_daemon(
        Daemon(name="Docker", address=None, start="Start it, or set DOCKER_HOST"), reference, budget, opened, access
    )
