"""An image as its source gives it, and as it is once every byte has been checked."""

from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from gate.errors import UnreadableError
from gate.images.config import ImageConfig
from gate.images.span import Span

if TYPE_CHECKING:
    from gate.images.layers import LayeredTree
    from gate.images.limits import Budget
    from gate.images.memory import Memory
    from gate.images.unpack import Unpacking


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
    annotations: dict[str, str] = {}
    """What the manifest says of the image, beside the labels of its configuration."""
    not_read: tuple[str, ...] = ()
    """Places that the source could not take in, and why."""


class Layer(msgspec.Struct, frozen=True, kw_only=True):
    """A layer as an uncompressed tar archive; its bytes are checked once `gate.images.unpack.Unpacking` is left."""

    diff_id: str
    archive: Span


class ImageContent:
    """An image whose bytes are being checked: see `gate.images.sources.open_image`.

    Layers that an earlier run has checked are opened only when somebody asks for them.
    """

    def __init__(self, found: FoundImage, unpacking: "Unpacking", budget: "Budget", memory: "Memory") -> None:
        self.found = found
        self.memory = memory
        self._unpacking = unpacking
        self._budget = budget
        self._sizes = memory.sizes(found.layers)
        self._are_here = [blob.span.is_here for blob in found.layers]
        for blob, size in zip(found.layers, self._sizes, strict=True):
            if size is None:
                unpacking.begin(blob)

    @property
    def config(self) -> ImageConfig:
        return self.found.config

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        known = zip(self.found.layers, self._sizes, self._are_here, strict=True)
        return tuple(
            self._unpacking.begin(blob, is_checked=size is not None and was_here) for blob, size, was_here in known
        )

    @cached_property
    def tree(self) -> "LayeredTree":
        """The merged layers. Raises as `gate.images.layers.LayeredTree` does."""
        from gate.images.layers import LayeredTree

        return LayeredTree(self.layers, self._budget)

    def settle(self) -> None:
        """Wait until every byte that was begun with is checked. Raises UnreadableError if one is not as it should be.

        Whoever forks has to wait: another process has none of the threads.
        """
        self._unpacking.settle()

    @property
    def size(self) -> int:
        """Bytes of all layers, uncompressed."""
        return sum(filter(None, self._sizes)) + sum(size for _, size in self.checked_anew())

    def checked_anew(self) -> list[tuple[LayerBlob, int]]:
        """Return the layers that no earlier run has checked, and their uncompressed bytes."""
        pairs = zip(self.found.layers, self._sizes, strict=True)
        return [(blob, self._unpacking.begin(blob).archive.size) for blob, size in pairs if size is None]


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
