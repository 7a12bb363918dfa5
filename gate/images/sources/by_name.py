"""A bare name: the image that the Docker daemon has, else the one that a registry has."""

from contextlib import ExitStack

from gate.core.errors import GateError, UnreadableError
from gate.images.access import Access
from gate.images.image import FoundImage
from gate.images.image_cache import ImageCache
from gate.images.limits import Budget
from gate.images.sources import docker, registry
from gate.images.sources.daemon import AbsentError


def glance(reference: str, budget: Budget, opened: ExitStack, access: Access, cache: ImageCache) -> FoundImage | None:
    """Ask the daemon what the image is made of, if it has it: see `gate.images.sources.Glancing.glance`."""
    try:
        return docker.glance(reference, budget, opened, access, cache)
    except AbsentError:
        return None


def find(reference: str, budget: Budget, opened: ExitStack, access: Access) -> FoundImage:
    """Find the image in the daemon, else in its registry: see `gate.images.sources.ImageSource.find`.

    What the daemon has but cannot give, or gives damaged, is not looked for elsewhere.
    """
    try:
        return docker.find(reference, budget, opened, access)
    except AbsentError as error:
        absent = error
    try:
        return registry.find(reference, budget, opened, access)
    except GateError as error:
        raise UnreadableError(
            f"{absent.message}; {error.path or 'its registry'}: {error.message}",
            path=reference,
            hint=f"For the Docker daemon: {absent.hint}. For the registry: {error.hint}. A bare name is looked for in "
            f"these two; for another place write podman:{reference} or archive:FILE.tar, for a folder ./{reference}",
        ) from error
