"""Docker's daemon and podman's service, asked for a worker about its own image."""

from collections.abc import Iterator, Mapping
from types import ModuleType

from gate.core.errors import GateError
from gate.images.sources import docker, podman
from gate.images.sources.daemon import Daemon, inspected, saved
from gate.model import Image
from gate.pipeline.broker import Reply, WorkerSession

_DAEMONS: Mapping[str, ModuleType] = {"Docker": docker, "podman": podman}
_OF_SOURCES = {"docker": "Docker", "named": "Docker", "podman": "podman"}


def inspect(session: WorkerSession, argument: str, files: list[int]) -> Reply:
    """Return what the daemon says of the image."""
    return Reply(inspected(*_asked(session, argument)))


def save(session: WorkerSession, argument: str, files: list[int]) -> Reply:
    """Begin to bring the image as an archive."""
    pieces = saved(*_asked(session, argument))
    first = next(pieces, b"")  # raises now, as an error within a stream could not be sent
    return session.stream(_with_first(first, pieces))


def _with_first(first: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from pieces


def _asked(session: WorkerSession, name: str) -> tuple[Daemon, str]:
    target = session.permit.target
    if not isinstance(target, Image) or _OF_SOURCES.get(target.source) != name:
        raise GateError("no such daemon is asked about this target")
    daemon: Daemon = _DAEMONS[name].daemon()
    return daemon, target.reference
