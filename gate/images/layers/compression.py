"""Decompressing gzip and zstd in bounded steps; formats are recognised by their first bytes, as engines do."""

import zlib
from collections.abc import Callable, Iterator
from typing import IO, Any, cast

import zstandard

from gate.core.errors import UnreadableError
from gate.images.layers.span import CHUNK, Span

try:
    from isal import isal_zlib
except ImportError:  # no wheel for this platform
    isal_zlib = None  # type: ignore[assignment]

_MAX_WINDOW = 128 << 20
"""Bytes of memory that a zstd frame may ask for; `zstd --ultra --long` asks for no more."""

_GZIP = 31
"""zlib's `wbits` for gzip with the largest window."""
_UNSUPPORTED = {b"BZh": "bzip2", b"\xfd7zXZ\0": "xz", b"\x04\x22\x4d\x18": "lz4"}


def unpacked(span: Span) -> Iterator[bytes] | None:
    """Yield the decompressed bytes in pieces of a megabyte at most, or return None if `span` is not compressed.

    Raises UnreadableError for a compression that is not known, and while iterating for damaged content.
    """
    start = span.peek(0, 8)
    for magic, name in _UNSUPPORTED.items():
        if start.startswith(magic):
            raise UnreadableError(f"is compressed with {name}, which is not supported", path=span.name)
    if start.startswith(b"\x1f\x8b"):
        return _gunzip(span.chunks(), span.name)
    if start.startswith(b"\x28\xb5\x2f\xfd") or (start[1:4] == b"\x2a\x4d\x18" and start[0] & 0xF0 == 0x50):
        return _unzstd(span.chunks(), span.name)
    return None


def _gunzip(chunks: Iterator[bytes], name: str) -> Iterator[bytes]:
    """Yield the content of all gzip members, one after the other (RFC 1952, section 2.2)."""
    new_member, damage = _gzip_engine()
    member = new_member()
    for chunk in chunks:
        rest = chunk
        while rest:
            if member.eof:
                member = new_member()
            try:
                piece = member.decompress(rest, CHUNK)
            except damage as error:
                raise UnreadableError(f"is damaged: gzip says {error}", path=name) from error
            rest = member.unconsumed_tail or member.unused_data
            yield piece
    yield from _held_back(member)
    if not member.eof:
        raise UnreadableError("is truncated: its gzip stream does not end", path=name)


def _gzip_engine() -> tuple[Callable[[], Any], type[Exception]]:
    """Return a function that makes a reader of one gzip member, and its exception: ISA-L, twice as fast, or zlib."""
    if isal_zlib is None:
        return lambda: zlib.decompressobj(_GZIP), zlib.error
    return lambda: isal_zlib.decompressobj(_GZIP), cast(type[Exception], isal_zlib.error)


def _held_back(member: Any) -> Iterator[bytes]:
    # zlib holds output that did not fit into the last piece, even after it has consumed all input.
    while not member.eof and (piece := member.decompress(member.unconsumed_tail, CHUNK)):
        yield piece


def _unzstd(chunks: Iterator[bytes], name: str) -> Iterator[bytes]:
    unpacker = zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW)
    try:
        with unpacker.stream_reader(cast(IO[bytes], _Readable(chunks)), read_across_frames=True) as reader:
            while piece := reader.read(CHUNK):
                yield piece
    except zstandard.ZstdError as error:
        raise UnreadableError(f"is damaged: {error}", path=name) from error


class _Readable:
    """Chunks as an object with `read`, which zstandard needs."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""

    def read(self, size: int) -> bytes:
        content = self._rest or next(self._chunks, b"")
        self._rest = content[size:]
        return content[:size]
