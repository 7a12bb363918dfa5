"""Layers unpacked and checked: in place if they are not compressed, else into a temporary file without a name."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack

from gate.errors import LimitError
from gate.images.compression import unpacked
from gate.images.content import Layer, LayerBlob
from gate.images.digests import Hasher, check, hasher_for
from gate.images.limits import FREE_SIZE, MAX_RATIO, Budget
from gate.images.scratch import keep
from gate.images.span import Span


def unpack_layer(blob: LayerBlob, budget: Budget, opened: ExitStack) -> Layer:
    """Return the layer's uncompressed bytes; what is opened for them is closed with `opened`.

    Raises UnreadableError if they are not what the blob's digest and diff id say, LimitError if there are too many.
    """
    packed = hasher_for(blob.digest, blob.span.name) if blob.digest else None
    plain = hasher_for(blob.diff_id, blob.span.name)
    archive = unpack(blob.span, budget, opened, _feeder(packed), plain.update)
    if packed and blob.digest:
        check(packed, blob.digest, blob.span.name)
    check(plain, blob.diff_id, blob.span.name)
    return Layer(diff_id=blob.diff_id, archive=archive)


def _feeder(hasher: Hasher | None) -> Callable[[bytes], None]:
    return hasher.update if hasher else _ignore


def _ignore(_: bytes) -> None:
    """Take bytes that nobody asks for."""


def unpack(
    span: Span,
    budget: Budget,
    opened: ExitStack,
    feed_packed: Callable[[bytes], None] = _ignore,
    feed_plain: Callable[[bytes], None] = _ignore,
) -> Span:
    """Return the uncompressed bytes of `span`, which is `span` itself if it is not compressed.

    Every byte is handed to `feed_packed` as it lies there and to `feed_plain` as it is uncompressed.
    """
    pieces = unpacked(span, feed_packed)
    if pieces is not None:
        return keep(_fed(_bounded(pieces, span, budget), feed_plain), span.name, opened)
    budget.take_bytes(span.size)
    for chunk in span.chunks():
        feed_packed(chunk)
        feed_plain(chunk)
    return span


def _fed(pieces: Iterable[bytes], feed: Callable[[bytes], None]) -> Iterator[bytes]:
    for piece in pieces:
        feed(piece)
        yield piece


def _bounded(pieces: Iterable[bytes], packed: Span, budget: Budget) -> Iterator[bytes]:
    most = max(FREE_SIZE, packed.size * MAX_RATIO)
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > most:
            raise _bomb(packed)
        budget.take_bytes(len(piece))
        yield piece


def _bomb(packed: Span) -> LimitError:
    return LimitError(
        f"unpacks to more than {MAX_RATIO} times its {packed.size:,} bytes (ratio limit): a decompression bomb",
        path=packed.name,
        hint="Do not use this image",
    )
