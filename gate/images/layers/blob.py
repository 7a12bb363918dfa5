"""A layer as its source has it, and as an archive whose bytes are verified."""

import msgspec

from gate.images.layers.span import Span


class LayerBlob(msgspec.Struct, frozen=True, kw_only=True):
    """A layer in its source: it may be compressed, and is not verified yet."""

    span: Span
    diff_id: str
    """Digest of the uncompressed bytes, by the configuration."""
    digest: str | None = None
    """Digest of the bytes in `span`, by the manifest or the blob's name."""


class Layer(msgspec.Struct, frozen=True, kw_only=True):
    """A layer as an uncompressed tar archive; it is verified when the `Unpacking` of `unpack.py` has been left."""

    diff_id: str
    archive: Span
