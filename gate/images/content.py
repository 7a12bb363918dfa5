"""An image as its source gives it, and as it is once every byte has been checked."""

from typing import TYPE_CHECKING

import msgspec

from gate.errors import UnreadableError
from gate.images.config import ImageConfig
from gate.images.span import Span

if TYPE_CHECKING:
    from gate.images.layers import LayeredTree


class LayerBlob(msgspec.Struct, frozen=True, kw_only=True):
    """A layer as it lies in its source: perhaps compressed, not yet checked."""

    span: Span
    diff_id: str
    """What the configuration says the uncompressed bytes have as digest."""
    digest: str | None = None
    """What the manifest, or the blob's own name, says these bytes have as digest."""


class FoundImage(msgspec.Struct, frozen=True, kw_only=True):
    """What a source found: a checked configuration and layers that are still to be checked."""

    id: str
    """Digest of the configuration."""
    config: ImageConfig
    layers: tuple[LayerBlob, ...]
    tags: tuple[str, ...] = ()
    digest: str | None = None
    """Digest of the manifest, where there is one."""
    other_platforms: tuple[str, ...] = ()
    """Platforms that the source holds besides, and that are not looked at."""
    not_read: tuple[str, ...] = ()
    """Places that the source could not take in, and why."""


class Layer(msgspec.Struct, frozen=True, kw_only=True):
    """A layer as an uncompressed tar archive; its bytes are checked once `gate.images.unpack.Unpacking` is left."""

    diff_id: str
    archive: Span


class ImageContent(msgspec.Struct, frozen=True, kw_only=True):
    """An image whose bytes are being checked: see `gate.images.sources.open_image`."""

    found: FoundImage
    layers: tuple[Layer, ...]
    tree: "LayeredTree"

    @property
    def config(self) -> ImageConfig:
        return self.found.config

    @property
    def size(self) -> int:
        """Bytes of all layers, uncompressed."""
        return sum(layer.archive.size for layer in self.layers)


def pair_with_diff_ids(blobs: list[tuple[Span, str | None]], config: ImageConfig, what: str) -> tuple[LayerBlob, ...]:
    """Join layers and the configuration's diff ids by their order. Raises UnreadableError if their numbers differ."""
    diff_ids = config.rootfs.diff_ids
    if len(diff_ids) != len(blobs):
        raise UnreadableError(
            f"lists {len(blobs)} layers, but the configuration has {len(diff_ids)} diff ids", path=what
        )
    return tuple(
        LayerBlob(span=span, digest=digest, diff_id=diff_id)
        for (span, digest), diff_id in zip(blobs, diff_ids, strict=True)
    )
