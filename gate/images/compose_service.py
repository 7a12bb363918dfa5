"""How a service of Compose files is built, by `docker compose config` (Compose 2).

Compose itself resolves variables, `.env`, `extends`, profiles and overrides, so they mean the same as in a real build.
"""

import subprocess
from pathlib import Path
from tempfile import TemporaryFile

import msgspec

from gate.core.errors import ConfigError, GateError, LimitError
from gate.core.text import clipped, one_line
from gate.images.building import ImageBuild, docker_environment, docker_program
from gate.images.config import decode_json

MAX_OUTPUT = 16 << 20
"""Bytes of Compose's output at most."""
_TIME_S = 60
"""Seconds that Compose may take."""
_NO_FETCHING = {"COMPOSE_EXPERIMENTAL_GIT_REMOTE": "false", "COMPOSE_EXPERIMENTAL_OCI_REMOTE": "false"}
"""Variables that forbid Compose to fetch files, which others may include by URL."""
_WITHOUT_EFFECT = frozenset({"cache_from", "cache_to", "no_cache", "pull", "tags", "shm_size", "ulimits"})
"""Keys of a build that do not change what is in the image."""


class ServiceBuild(msgspec.Struct, frozen=True, kw_only=True):
    """A service, and the files that describe it."""

    service: str
    files: tuple[str, ...] = ()
    """Paths relative to the folder of the settings; empty: the files that Compose finds there by itself."""


class _Build(msgspec.Struct, frozen=True):
    context: str
    dockerfile: str = "Dockerfile"
    dockerfile_inline: str | None = None
    args: dict[str, str | None] = {}
    labels: dict[str, str] = {}
    target: str | None = None


_KNOWN = _WITHOUT_EFFECT.union(_Build.__struct_fields__)


class _Service(msgspec.Struct, frozen=True):
    build: msgspec.Raw = msgspec.Raw(b"null")


class _Project(msgspec.Struct, frozen=True):
    services: dict[str, _Service] = {}


def build_of(wanted: ServiceBuild, name: str, folder: str) -> ImageBuild:
    """Return how the service is built into the image `name`.

    Raises ConfigError for a service that is not built or asks for more than a plain build, GateError if Compose is not
    installed or refuses the files, LimitError for its time and output.
    """
    services = decode_json(_resolved(wanted, name, folder), _Project, name).services
    asked = services[wanted.service].build if wanted.service in services else msgspec.Raw(b"null")
    keys = decode_json(bytes(asked), dict[str, msgspec.Raw] | None, name)  # type: ignore[arg-type]
    if not keys:
        raise ConfigError(f"is to be built as the service {wanted.service}, which has no build", path=name)
    further = sorted(keys.keys() - _KNOWN)
    if further:
        why = f"the build of the service {wanted.service} asks for {', '.join(further)}, which is not supported"
        raise ConfigError(why, path=name, hint="Build it beforehand: docker compose build")
    build = decode_json(bytes(asked), _Build, name)
    return ImageBuild(
        name=name,
        context=build.context,
        dockerfile=build.dockerfile,
        target=build.target or None,
        inline=build.dockerfile_inline,
        arguments={key: value for key, value in build.args.items() if value is not None},
        labels=build.labels,
    )


def _resolved(wanted: ServiceBuild, name: str, folder: str) -> bytes:
    files = [f"--file={Path(folder, file)}" for file in wanted.files]
    command = [docker_program(name), "compose", *files, "config", "--format=json", "--", wanted.service]
    with TemporaryFile() as output, TemporaryFile() as words:
        try:
            status = subprocess.run(
                command,
                cwd=folder,
                env={**docker_environment(), **_NO_FETCHING},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=words,
                timeout=_TIME_S,
            ).returncode
        except subprocess.TimeoutExpired as error:
            raise LimitError(f"docker compose config took longer than {_TIME_S} s", path=name) from error
        output.seek(0)
        content = output.read(MAX_OUTPUT + 1)
        words.seek(0)
        said = clipped(one_line(words.read(MAX_OUTPUT).decode("utf-8", "replace")))
    if status != 0:
        hint = "Is Compose 2 installed (docker compose version)?"
        raise GateError(f"docker compose config failed (status {status}): {said}", path=name, hint=hint)
    if len(content) > MAX_OUTPUT:
        raise LimitError(f"docker compose config wrote more than {MAX_OUTPUT:,} bytes", path=name)
    return content
