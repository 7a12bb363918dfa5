"""What Docker's daemon and podman's service have in common: their HTTP interface to images."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Any

import msgspec

from gate.core import broker
from gate.core.errors import GateError, UnreadableError
from gate.images.access import Access
from gate.images.image import FoundImage
from gate.images.layers.scratch import spool
from gate.images.layers.span import CHUNK
from gate.images.limits import Budget
from gate.images.reference import split_tag
from gate.images.sources.archive import find_in_archive

_NO_ADDRESS = "Invalid bind address"
"""How docker's SDK begins to say that it cannot understand an address."""
_TIMEOUT = 120
"""Seconds between two answers of the daemon; it needs some before the first byte of a large image."""


class AbsentError(GateError):
    """There is no daemon that may be asked, or it has no such image."""


class Daemon(msgspec.Struct, frozen=True, kw_only=True):
    """A service that has images."""

    name: str
    address: str | None
    """`unix://…` or `tcp://…`; None: as DOCKER_HOST says."""
    start: str
    """What to do if it does not answer."""


def find_in_daemon(daemon: Daemon, reference: str, budget: Budget, opened: ExitStack, access: Access) -> FoundImage:
    """Save the image from the daemon and find it in the archive. Raises GateError if that is impossible."""
    archive = spool(_bounded(saved(daemon, reference), budget), reference, opened)
    return find_in_archive(archive, budget, opened, access)


class Inspected(msgspec.Struct, frozen=True, kw_only=True):
    """What a daemon says of an image, in its own words (JSON)."""

    id: str
    about: bytes
    """The answer to `GET /images/NAME/json`."""
    history: bytes
    """The answer to `GET /images/NAME/history`."""
    tag: str | None
    """The tag that was asked for, as the daemon writes it."""


def inspected(daemon: Daemon, reference: str) -> Inspected:
    """Ask the daemon about an image. Raises as `asking` does."""
    if broker.is_connected():
        return broker.ask("daemon.inspect", daemon.name, Inspected)
    with asking(daemon, reference) as client:
        image = client.images.get(reference)
        return Inspected(
            id=str(image.id),
            about=msgspec.json.encode(image.attrs),
            history=msgspec.json.encode(image.history()),
            tag=asked_tag(image, reference),
        )


def saved(daemon: Daemon, reference: str) -> Iterator[bytes]:
    """Yield the image as an archive. Raises as `asking` does."""
    if broker.is_connected():
        yield from broker.stream("daemon.save", daemon.name)
        return
    with asking(daemon, reference) as client:
        image = client.images.get(reference)
        yield from client.api.get_image(asked_tag(image, reference) or image.id, chunk_size=CHUNK)


@contextmanager
def asking(daemon: Daemon, reference: str) -> Iterator[Any]:
    """Give the SDK's client of the daemon. Raises AbsentError without daemon or image, UnreadableError for trouble."""
    import requests
    from docker.errors import APIError, DockerException, NotFound

    try:
        with closing(_connect(daemon)) as client:
            yield client
    except NotFound as error:
        raise AbsentError(
            f"{daemon.name} has no such image",
            path=reference,
            hint=f"Build or pull it first; `{daemon.name.lower()} images` lists what is there",
        ) from error
    except APIError as error:
        raise UnreadableError(
            f"{daemon.name} cannot give the image (status {error.status_code})", path=reference
        ) from error
    except (DockerException, requests.RequestException) as error:
        raise _unreachable(daemon, reference, error) from error


def _connect(daemon: Daemon) -> Any:
    import docker

    try:
        if daemon.address is None:
            return docker.from_env(timeout=_TIMEOUT)
        return docker.DockerClient(base_url=daemon.address, timeout=_TIMEOUT, version="auto")
    except ValueError as error:  # of a port that is no number
        raise docker.errors.DockerException(f"{_NO_ADDRESS}: {error}") from error


def asked_tag(image: Any, reference: str) -> str | None:
    """Return the tag that was asked for, as the daemon writes it; None if it was an id."""
    repository, tag = split_tag(reference)
    name = f"{repository}:{tag or 'latest'}"
    return next((str(known) for known in image.tags if f"/{known}".endswith(f"/{name}")), None)


def _bounded(chunks: Iterable[bytes], budget: Budget) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        budget.require_bytes(size)
        yield chunk


def _unreachable(daemon: Daemon, reference: str, error: Exception) -> GateError:
    if "Permission denied" in str(error):
        return AbsentError(
            f"this user may not speak to {daemon.name}",
            path=reference,
            hint="Join the group that owns its socket, or scan an archive (archive:FILE.tar)",
        )
    if "paramiko" in str(error):
        return AbsentError(
            f"{daemon.name} is reached by ssh, which needs a package", path=reference, hint="pip install 'docker[ssh]'"
        )
    if _NO_ADDRESS in str(error):
        return AbsentError(
            f"the address of {daemon.name} cannot be understood",
            path=reference,
            hint="It is like unix:///var/run/docker.sock, tcp://HOST:2376 or ssh://USER@HOST (DOCKER_HOST, "
            "CONTAINER_HOST, the current context)",
        )
    return AbsentError(
        f"{daemon.name} does not answer",
        path=reference,
        hint=f"{daemon.start}, or scan an archive (archive:FILE.tar)",
    )
