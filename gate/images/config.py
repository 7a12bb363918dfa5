"""An image's configuration: OCI image specification, "Image Configuration", and what Docker adds to it."""

from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec

from gate.core.errors import UnreadableError
from gate.model.container import Runtime

Shape = TypeVar("Shape")


class HistoryStep(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the image's history."""

    created_by: str | None = None
    empty_layer: bool = False


class RootFs(msgspec.Struct, frozen=True, kw_only=True):
    """The layers by the digests of their uncompressed bytes, the base first."""

    type: str
    stated: list[str] | None = msgspec.field(name="diff_ids", default=None)
    """None for no layers, because Go leaves out empty lists or writes them as null."""

    @property
    def diff_ids(self) -> list[str]:
        """The digests, none for an image without layers."""
        return self.stated or []


class ImageConfig(msgspec.Struct, frozen=True, kw_only=True):
    """The configuration that an image's id is the digest of."""

    os: str = "unknown"
    architecture: str = "unknown"
    variant: str | None = None
    created: str | None = None
    config: Runtime | None = None
    rootfs: RootFs
    history: list[HistoryStep] | None = None
    texts: tuple[str, ...] = msgspec.field(name="gate:texts", default=())
    """All other texts in it, in known and unknown fields, without those that describe layers."""

    @property
    def runtime(self) -> Runtime:
        """What a container starts with; all defaults if the image does not say."""
        return self.config or Runtime()

    @property
    def platform(self) -> str:
        """`linux/amd64`, `linux/arm/v7`."""
        return "/".join(part for part in (self.os, self.architecture, self.variant) if part)


def decode_json(content: bytes, shape: type[Shape], what: str) -> Shape:
    """Decode JSON into a Struct. Raises UnreadableError that names `what` if it has another shape."""
    try:
        return msgspec.json.decode(content, type=shape)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise UnreadableError(f"cannot be parsed: {error}", path=what) from error


def decode_config(content: bytes, what: str) -> ImageConfig:
    """Decode an image's configuration. Raises UnreadableError if it is none."""
    config = decode_json(content, ImageConfig, what)
    if config.rootfs.type != "layers":
        raise UnreadableError(f"has a root file system of the unknown type {config.rootfs.type[:40]!r}", path=what)
    try:
        texts = tuple(_texts(decode_json(content, Any, what)))
    except RecursionError as error:
        raise UnreadableError("is nested too deeply", path=what) from error
    return msgspec.structs.replace(config, texts=texts)


_READ_ELSEWHERE = frozenset(("Env", "Labels", "rootfs", "created_by", "created", "Image", "Hostname", "gate:texts"))


def _texts(value: Any, key: str = "") -> Iterator[str]:
    """Yield the texts in what JSON holds, a list of words as the command that it may be, names of fields left out."""
    match value:
        case str():
            yield f"{key}={value}" if key else value
        case list() if value and all(isinstance(one, str) for one in value):
            yield " ".join(value)
        case list():
            for one in value:
                yield from _texts(one)
        case dict():
            yield from (name for name, held in value.items() if held == {})  # Volumes, ExposedPorts
            for name, held in value.items():
                if name not in _READ_ELSEWHERE:
                    yield from _texts(held, name)
