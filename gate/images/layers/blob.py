"""A layer as its source gives it, and as an archive whose bytes are checked."""

import msgspec

from gate.images.layers.span import Span


class LayerBlob(msgspec.Struct, frozen=True, kw_only=True):
    """A layer as it lies in its source: perhaps compressed, not yet checked."""

    span: Span
    diff_id: str
    """What the configuration says the uncompressed bytes have as digest."""
    digest: str | None = None
    """What the manifest, or the blob's own name, says these bytes have as digest."""


class Layer(msgspec.Struct, frozen=True, kw_only=True):
    """A layer as an uncompressed tar archive; its bytes are checked once the `Unpacking` of `unpack.py` is left."""

    diff_id: str
    archive: Span
