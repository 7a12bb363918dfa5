"""What compiled packages of R name: the strings of their functions ("R Internals", 1.8 and "Serialization Formats").

A package's code lies in one file, each object behind its length and packed by itself (`NAME.rdb`, lazy loading).
"""

import bz2
import lzma
import re
import zlib
from collections.abc import Iterator

from gate.reachability.runtimes.strings.packed_texts import StreamUnpacking
from gate.reachability.runtimes.strings.stated_names import StatedNames, stated_in
from gate.reachability.runtimes.walk.files import Files
from gate.trees.memo import Analysis

OBJECTS = ".rdb"
_LENGTH = 4
_OF_ZLIB = b"x"
_BY_XZ = ({"id": lzma.FILTER_LZMA2},)
_PIECE = 1 << 16
_MOST = 128 << 20
"""Bytes of what a piece becomes, unpacked: more than any can."""
_MOST_IN_ALL = 256 << 20
_LARGEST_SHARE = 32
"""How much more bytes strings may have than the object in which they are found: what only looks like one overlaps."""
_TEXT = re.compile(rb"\x09(?<=\0[\0-\x0f].\x09)(?<!\0\0\0\x01\0..\x09)(?=\0[\0-\x0f]..)", re.DOTALL)
"""The mark of a string before its length, that is no symbol: the name of a function or variable."""
_DAMAGE: tuple[type[Exception], ...] = (zlib.error, lzma.LZMAError, OSError, ValueError, EOFError)


def r_strings(path: str, files: Files) -> StatedNames:
    """Return what the code of a package states. Raises as `Files.read` does."""
    return files.analysed(path, Analysis("words of strings in packages of R", StatedNames, read_objects))


def read_objects(content: bytes) -> StatedNames:
    """Return what the strings in a file of objects state."""
    texts: set[str] = set()
    try:
        for one in _objects(content):
            texts.update(text.decode("utf-8", "replace") for text in set(_texts(one)))
    except _DAMAGE:
        return StatedNames(is_read=False)
    return stated_in(texts)


def _objects(content: bytes) -> Iterator[bytes]:
    """Yield the objects, unpacked; raises ValueError beyond the bounds."""
    left = _MOST_IN_ALL
    place = _LENGTH
    while place < len(content):
        mark = content[place : place + 1]
        unpacking = _unpacking(mark)
        place += mark != _OF_ZLIB
        parts: list[bytes] = []
        while not unpacking.eof:
            piece = content[place : place + _PIECE]
            parts.append(unpacking.decompress(piece, _MOST))
            left -= len(parts[-1])
            place += len(piece)
            if not piece or left < 0:
                raise ValueError
        yield b"".join(parts)
        place += _LENGTH - len(unpacking.unused_data)


def _unpacking(kind: bytes) -> StreamUnpacking:
    """Return what unpacks an object that begins so: without a mark by zlib."""
    if kind == b"2":
        return bz2.BZ2Decompressor()
    return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=_BY_XZ) if kind == b"Z" else zlib.decompressobj()


def _texts(content: bytes) -> Iterator[bytes]:
    """Yield the strings of an object; raises ValueError if there are more than it can hold."""
    left = min(_LARGEST_SHARE * len(content), _MOST)
    for found in _TEXT.finditer(content):
        begin = found.end() + _LENGTH
        text = content[begin : begin + int.from_bytes(content[found.end() : begin], "big")]
        left -= len(text)
        if left < 0:
            raise ValueError
        yield text
