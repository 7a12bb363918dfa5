"""An image as its source finds it, and its content while every byte is verified."""

from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from gate.core.errors import UnreadableError
from gate.images.config import ImageConfig
from gate.images.layers.blob import Layer, LayerBlob
from gate.images.layers.scratch import FetchedSpan
from gate.images.layers.span import Span

if TYPE_CHECKING:
    from gate.images.image_cache import ImageCache, KnownLayer
    from gate.images.layers.merged import LayeredTree
    from gate.images.layers.unpack import Unpacking
    from gate.images.limits import Budget


class FoundImage(msgspec.Struct, frozen=True, kw_only=True):
    """What a source found: a verified configuration, and layers that are not verified yet."""

    id: str
    """Digest of the configuration."""
    config: ImageConfig
    layers: tuple[LayerBlob, ...]
    tags: tuple[str, ...] = ()
    digest: str | None = None
    """Digest of the manifest, if there is one."""
    indexes: tuple[str, ...] = ()
    """Digests of the indexes of several platforms that list the manifest, as far as the source has them."""
    other_platforms: tuple[str, ...] = ()
    """Further platforms that the source has, which are not scanned."""
    annotations: dict[str, str] = {}
    """Annotations of the manifest; labels are in the configuration."""
    not_read: tuple[str, ...] = ()
    """Paths that the source could not read, with the reasons."""


class ImageContent:
    """An image whose bytes are being verified: see `gate.images.sources.open_image`.

    A layer that an earlier run has verified is opened only when something is read that is not in the cache.
    """

    def __init__(self, found: FoundImage, unpacking: "Unpacking", budget: "Budget", cache: "ImageCache") -> None:
        self.found = found
        self.cache = cache
        self._unpacking = unpacking
        self._budget = budget
        self._known = cache.known_layers(found.layers)
        for blob, known in zip(found.layers, self._known, strict=True):
            if known is None:
                unpacking.begin(blob)
                continue
            budget.take_bytes(known.size)
            if not known.is_believed:
                unpacking.verify(blob)

    @property
    def config(self) -> ImageConfig:
        return self.found.config

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        return tuple(
            self._unpacking.begin(blob) if known is None else self._known_layer(blob, known)
            for blob, known in zip(self.found.layers, self._known, strict=True)
        )

    def _known_layer(self, blob: LayerBlob, known: "KnownLayer") -> Layer:
        """Return a layer that is opened when it is read; if it has to be fetched, it is verified."""
        was_here = blob.span.is_here

        def open_it() -> Span:
            self._budget.give_back_bytes(known.size)
            return self._unpacking.begin(blob, is_checked=was_here).archive

        return Layer(diff_id=blob.diff_id, archive=FetchedSpan(blob.span.name, open_it, known.size))

    @cached_property
    def tree(self) -> "LayeredTree":
        """The merged layers. Raises as `gate.images.layers.merged.LayeredTree` does."""
        from gate.images.layers.merged import LayeredTree

        return LayeredTree(self.layers, self._budget, self.cache)

    def store_results(self) -> None:
        """Store the results for single files, after all that was opened is verified.

        Raises UnreadableError if a layer is not what its digests say.
        """
        self._unpacking.settle()
        if "tree" in self.__dict__:  # a cached property: it is there only if it was used
            self.tree.file_cache.flush()
        self.cache.store(self.newly_checked())

    @property
    def size(self) -> int:
        """Bytes of all layers, uncompressed."""
        return sum(
            self._unpacking.begin(blob).archive.size if known is None else known.size
            for blob, known in zip(self.found.layers, self._known, strict=True)
        )

    def newly_checked(self) -> list[tuple[LayerBlob, int]]:
        """Return the layers that were verified in this run, with their uncompressed sizes in bytes."""
        pairs = zip(self.found.layers, self._known, strict=True)
        return [
            (blob, self._unpacking.begin(blob).archive.size if known is None else known.size)
            for blob, known in pairs
            if known is None or not known.is_believed
        ]


def pair_with_diff_ids(blobs: list[tuple[Span, str | None]], config: ImageConfig, what: str) -> tuple[LayerBlob, ...]:
    """Pair layers with the configuration's diff ids, in order. Raises UnreadableError if their numbers differ."""
    diff_ids = config.rootfs.diff_ids
    if len(diff_ids) != len(blobs):
        raise UnreadableError(
            f"lists {len(blobs)} layers, but the configuration has {len(diff_ids)} diff ids", path=what
        )
    return tuple(
        LayerBlob(span=span, digest=digest, diff_id=diff_id)
        for (span, digest), diff_id in zip(blobs, diff_ids, strict=True)
    )
