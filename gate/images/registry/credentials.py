"""Credentials for registries, from `docker login` and `podman login`, including their credential helpers."""

import os
from pathlib import Path
from typing import Any

import msgspec

from gate.core.errors import GateError
from gate.git.tracked import is_tracked
from gate.images.registry.names import DOCKER_HUB


class Credentials(msgspec.Struct, frozen=True):
    """A user with a password, or a token that is exchanged for one."""

    user: str = ""
    password: str = ""
    identity_token: str = ""

    def __repr__(self) -> str:
        return "Credentials(…)"


def credentials_for(host: str) -> Credentials | None:
    """Return the credentials for the registry `host`; None if there are none.

    Raises GateError if a credential helper fails, and for a file that comes with a repository: it names the helpers.
    """
    from docker.errors import DockerException

    files = _files()
    for file in files:
        _check_own(file)
    try:
        found = next((entry for entry in map(_entry_of, files, [host] * len(files)) if entry), None)
    except DockerException as error:
        raise GateError(
            "the credential helper does not answer", path=host, hint=f"Try `docker login {host}` again"
        ) from error
    return _credentials(found) if found else None


def _files() -> list[str | None]:
    """Return the places of configuration files, the more special first; None is Docker's own search."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    podman = Path(runtime, "containers", "auth.json") if runtime else None
    return [os.environ.get("REGISTRY_AUTH_FILE"), None, str(podman) if podman and podman.is_file() else None]


def _check_own(file: str | None) -> None:
    from docker.utils.config import find_config_file

    found = find_config_file(file)
    if found and is_tracked(Path(str(found))):
        raise GateError(
            "is part of a repository, and would name programs that give credentials",
            path=str(found),
            hint="Keep logins elsewhere (DOCKER_CONFIG, REGISTRY_AUTH_FILE)",
        )


def _entry_of(file: str | None, host: str) -> dict[str, Any] | None:
    from docker.auth import load_config

    entry: dict[str, Any] | None = load_config(config_path=file).resolve_authconfig(
        None if host == DOCKER_HUB else host
    )
    return entry


def _credentials(entry: dict[str, Any]) -> Credentials:
    known = {name.lower(): str(value or "") for name, value in entry.items()}
    return Credentials(known.get("username", ""), known.get("password", ""), known.get("identitytoken", ""))
