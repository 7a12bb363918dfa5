"""What a file states of containers and of the Docker daemon of a host."""

import msgspec

from gate.kubernetes.docker.containers import DockerContainer
from gate.model import StageError


class HostFile(msgspec.Struct, frozen=True):
    """The services of a Compose file."""

    path: str
    text: str
    containers: tuple[DockerContainer, ...] = ()
    errors: tuple[StageError, ...] = ()
    is_template: bool = False
    """True for a file with actions of a template, which is not read."""
