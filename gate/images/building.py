"""Building images before they are scanned, with `docker build`; only if the settings ask for it.

A build runs the commands of the Dockerfile. The daemon does that, as for any build, never this process.
"""

import os
import shutil
import subprocess
from pathlib import Path

import msgspec

from gate.core.errors import ConfigError, GateError, LimitError

_STANDARD_ERROR = 2
_PASSED_ON = ("PATH", "HOME", "TMPDIR", "LANG", "SSH_AUTH_SOCK", "USER")
_FAMILIES = ("DOCKER_", "BUILDKIT_", "BUILDX_", "XDG_", "SSL_CERT_", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
"""Prefixes, in capitals or small letters, of variables that Docker's client knows; it gets no others."""


class ImageBuild(msgspec.Struct, frozen=True, kw_only=True):
    """An image that is to be built."""

    name: str
    context: str = "."
    """Relative to the folder of the settings."""
    dockerfile: str = "Dockerfile"
    """Relative to the context."""
    target: str | None = None
    inline: str | None = None
    """The text of the Dockerfile, instead of a file."""
    arguments: dict[str, str] = {}
    labels: dict[str, str] = {}


def build_image(build: ImageBuild, folder: str, root: str, *, timeout_s: int, is_quiet: bool) -> None:
    """Build the image in the Docker daemon; the build's output goes to standard error.

    Paths are relative to `folder`. Raises ConfigError for a path that leads out of `root`, GateError if the build
    fails, LimitError if it takes longer than `timeout_s` seconds.
    """
    context = _inside(root, folder, build.context, build.name)
    dockerfile = "-" if build.inline is not None else _inside(root, context, build.dockerfile, build.name)
    command = [
        docker_program(build.name),
        "build",
        f"--tag={build.name}",
        f"--file={dockerfile}",
        *([f"--target={build.target}"] if build.target else []),
        *(f"--build-arg={name}={value}" for name, value in build.arguments.items()),
        *(f"--label={name}={value}" for name, value in build.labels.items()),
        context,
    ]
    stdout, stderr = (subprocess.DEVNULL, subprocess.DEVNULL) if is_quiet else (_STANDARD_ERROR, None)
    try:
        status = subprocess.run(
            command,
            env=docker_environment(),
            input=(build.inline or "").encode(),
            stdout=stdout,
            stderr=stderr,
            timeout=timeout_s,
        ).returncode
    except subprocess.TimeoutExpired as error:
        hint = "Raise timeout in gate.yaml, or build it beforehand"
        raise LimitError(f"the build took longer than {timeout_s} s", path=build.name, hint=hint) from error
    if status != 0:
        raise GateError(f"docker build failed (status {status})", path=build.name, hint=f"See {build.dockerfile}")


def docker_program(name: str) -> str:
    """Return the path of Docker's client. Raises GateError, which names the image `name`, if it is not installed."""
    docker = shutil.which("docker")
    if docker is None:
        raise GateError("docker is not installed, so it cannot be built", path=name, hint="Build it beforehand")
    return docker


def _inside(root: str, folder: str, path: str, name: str) -> str:
    """Return the real path, links resolved. Raises ConfigError if it is outside of `root`."""
    place = Path(folder, path).resolve()
    if not place.is_relative_to(Path(root).resolve()):
        raise ConfigError(f"is built from {path}, which is outside of the project", path=name)
    if not place.exists():
        raise ConfigError(f"is built from {path}, which is not there", path=name)
    return str(place)


def docker_environment() -> dict[str, str]:
    """Return the environment of Docker's client, so restricted that no token reaches a build by accident."""
    return {
        name: value for name, value in os.environ.items() if name in _PASSED_ON or name.upper().startswith(_FAMILIES)
    }
