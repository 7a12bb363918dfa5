"""What stands in files that ZIP, gzip, zlib, bzip2 or xz packed, which own code may unpack."""

import bz2
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from typing import Protocol

from gate.inventory.installed.archives import ENDINGS
from gate.reachability.runtimes.strings.beam_strings import ARCHIVE, MODULE

_OF_ZIP = b"PK\3\4"
_OF_ZLIB = (b"\x1f\x8b", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_OF_BZIP2, _OF_XZ = b"BZh", b"\xfd7zXZ\0"
_PACKED_ELSE = (b"]\0\0", b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18")
_PACKED = (_OF_ZIP, *_OF_ZLIB, _OF_BZIP2, _OF_XZ)
"""How files begin that are unpacked here."""
_BY_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_MOST_TEXT = 16 << 20
"""Bytes of texts that are read."""
_MEMORY_OF_XZ = 128 << 20
_BEGIN = 4096
"""Bytes without a zero, by which a text is recognised."""
UNREADABLE = (
    *(ValueError, EOFError, OSError, RuntimeError, NotImplementedError),
    *(zlib.error, lzma.LZMAError, zipfile.BadZipFile),
)
"""What is raised for files that cannot be unpacked."""


class StreamUnpacking(Protocol):
    """What unpacks a stream."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, content: bytes, most: int, /) -> bytes: ...


def unpacked(content: bytes, most: int) -> Iterator[bytes]:
    """Yield the parts of a file; raise one of UNREADABLE if it cannot be read, or has more than `most` bytes."""
    if content.startswith(_OF_ZIP):
        left = most
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for one in archive.infolist():
                left -= one.file_size
                if left < 0:
                    raise ValueError
                yield archive.read(one)
    elif content.startswith(_OF_ZLIB):
        yield _whole(zlib.decompressobj(_BY_GZIP_OR_ZLIB), content, most)
    elif content.startswith(_OF_BZIP2):
        yield _whole(bz2.BZ2Decompressor(), content, most)
    elif content.startswith(_OF_XZ):
        yield _whole(lzma.LZMADecompressor(memlimit=_MEMORY_OF_XZ), content, most)
    elif content.startswith(_PACKED_ELSE):
        raise ValueError
    else:
        yield content


def is_packed(path: str, content: bytes) -> bool:
    """True for a file that is packed; not for archives and modules that machines run."""
    return content.startswith(_PACKED) and not path.endswith((*ENDINGS, ARCHIVE, MODULE))


def text_of(path: str, content: bytes) -> bytes:
    """Return the texts in a packed file; a file that is not packed, or damaged, as it is."""
    if not is_packed(path, content):
        return content
    try:
        return b"\n".join(part for part in unpacked(content, _MOST_TEXT) if b"\0" not in part[:_BEGIN])
    except UNREADABLE:
        return content


def _whole(unpacking: StreamUnpacking, content: bytes, most: int) -> bytes:
    found = unpacking.decompress(content, most)
    if not unpacking.eof or unpacking.unused_data:
        raise ValueError
    return found
