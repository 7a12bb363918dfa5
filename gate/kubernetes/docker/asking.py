"""Asking a running Docker daemon, through Docker's SDK, by requests that only read; `live` reads the answers.

This is apart, so that the broker, which asks for workers, loads no more than this.
"""

import os
import stat
from collections.abc import Mapping
from contextlib import closing
from typing import Any

import msgspec

from gate.core import broker
from gate.core.errors import LimitError, UnreadableError

CALL = "docker_host.state"
MAX_CONTAINERS = 2_000
"""Running containers of one daemon."""
_TIMEOUT_S = 30
_OWN_SOCKET = "/var/run/docker.sock"


class DockerHostState(msgspec.Struct, frozen=True, kw_only=True):
    """What a daemon says of itself, in its own words (JSON)."""

    address: str
    """By which it was asked; empty if it is the SDK's default."""
    is_verified: bool
    """True if both sides of the connection show a certificate."""
    info: bytes
    """The answer to `GET /info`."""
    bridge: bytes
    """The answer to `GET /networks/bridge`; `null` if there is none."""
    containers: tuple[bytes, ...]
    """The answers to `GET /containers/ID/json`, of those that run."""
    socket_mode: str | None = None
    """In octal, of a socket of this machine."""
    content_trust: str = ""
    """DOCKER_CONTENT_TRUST of the process that asks."""


def state_of(address: str) -> DockerHostState:
    """Ask a daemon; an empty address is that of DOCKER_HOST. Raises UnreadableError without an answer, LimitError."""
    if broker.is_connected():
        return broker.ask(CALL, address, DockerHostState)
    import requests
    from docker.errors import DockerException

    environment = {**os.environ, "DOCKER_HOST": address} if address else dict(os.environ)
    try:
        return _asked(environment)
    except (DockerException, requests.RequestException, ValueError) as error:
        hint = (
            "Start it, name another address (docker-host:unix:///PATH, docker-host:tcp://HOST:PORT), or set DOCKER_HOST"
        )
        if "Permission denied" in str(error):
            hint = "Run as a user who may speak to it: root, or a member of the group that owns its socket"
        raise UnreadableError("the Docker daemon does not answer", path=address or "docker-host:", hint=hint) from error


def _asked(environment: Mapping[str, str]) -> DockerHostState:
    import docker
    from docker.errors import NotFound

    with closing(docker.from_env(environment=environment, timeout=_TIMEOUT_S)) as client:
        listed = client.api.containers()
        if len(listed) > MAX_CONTAINERS:
            raise LimitError(f"more than {MAX_CONTAINERS:,} containers run there", path="docker-host:")
        containers = []
        for one in listed:
            try:
                containers.append(msgspec.json.encode(client.api.inspect_container(one["Id"])))
            except NotFound:  # it has ended meanwhile
                continue
        address = environment.get("DOCKER_HOST", "")
        return DockerHostState(
            address=address,
            is_verified=bool(environment.get("DOCKER_TLS_VERIFY")) and bool(client.api.cert),
            info=msgspec.json.encode(client.api.info()),
            bridge=msgspec.json.encode(_bridge(client)),
            containers=tuple(containers),
            socket_mode=_mode_of(address or f"unix://{_OWN_SOCKET}"),
            content_trust=environment.get("DOCKER_CONTENT_TRUST", ""),
        )


def _bridge(client: Any) -> Any:
    from docker.errors import APIError

    try:
        return client.api.inspect_network("bridge")
    except APIError:
        return None


def _mode_of(address: str) -> str | None:
    """Return the mode of a socket of this machine, in octal."""
    if not address.startswith("unix://"):
        return None
    try:
        return f"{stat.S_IMODE(os.stat(address.removeprefix('unix://')).st_mode):04o}"
    except OSError:
        return None
