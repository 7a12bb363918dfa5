"""What a file states of containers and of the Docker daemon of a host."""

import msgspec

from gate.kubernetes.docker.containers import DockerContainer
from gate.kubernetes.docker.daemon import DockerDaemon
from gate.model import StageError


class HostFile(msgspec.Struct, frozen=True):
    """The services of a Compose file, what a file sets up on a host, or a running daemon with its containers."""

    path: str
    text: str
    containers: tuple[DockerContainer, ...] = ()
    errors: tuple[StageError, ...] = ()
    is_template: bool = False
    """True for a file with actions of a template, which is not read."""
    daemons: tuple[DockerDaemon, ...] = ()
