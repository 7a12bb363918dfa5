"""What a container of an image starts with, as the image's configuration (OCI image-spec, `config`) states it."""

from typing import Any

import msgspec


class Healthcheck(msgspec.Struct, frozen=True, kw_only=True):
    """The command by which a container engine checks whether the container works (Docker's field; OCI has none)."""

    test: list[str] | None = msgspec.field(name="Test", default=None)

    @property
    def is_off(self) -> bool:
        """True if it switches checks off."""
        return not self.test or self.test == ["NONE"]


class Runtime(msgspec.Struct, frozen=True, kw_only=True, rename="pascal"):
    """What a container of the image starts with."""

    user: str | None = None
    env: list[str] | None = None
    entrypoint: list[str] | str | None = None
    cmd: list[str] | str | None = None
    exposed_ports: dict[str, Any] | None = None
    """Keys are `80/tcp`."""
    volumes: dict[str, Any] | None = None
    working_dir: str | None = None
    labels: dict[str, str] | None = None
    healthcheck: Healthcheck | None = None
