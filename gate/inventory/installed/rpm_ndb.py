"""rpm's own database, ndb: pages of slots, each slot the place of a blob in units of 16 bytes; little-endian."""

import struct
from collections.abc import Iterator

from gate.inventory.installed.packages import unparsable

_HEADER = struct.Struct("<4sIII")
"""Magic, version, generation, number of pages of slots."""
_SLOT = struct.Struct("<4sIII")
"""Magic, package's number (0: free), first block, number of blocks."""
_BLOB = struct.Struct("<4sIII")
"""Magic, package's number, generation, bytes."""
_PAGE = 4096
_BLOCK = 16
_FIRST_SLOT = 2 * _SLOT.size
"""The header takes the room of the first two."""


def blobs(content: bytes, path: str) -> Iterator[bytes]:
    """Yield the blobs of the database in `content`."""
    if len(content) < _FIRST_SLOT:
        raise unparsable(path, "it is shorter than its header")
    _, version, _, pages = _HEADER.unpack_from(content)
    if version != 0:
        raise unparsable(path, f"version {version} of ndb is not known")
    end = pages * _PAGE
    if end > len(content):
        raise unparsable(path, "it is shorter than its slots")
    for magic, number, block, _ in _SLOT.iter_unpack(content[_FIRST_SLOT:end]):
        if magic != b"Slot":
            raise unparsable(path, "a slot has no mark")
        if number:
            yield _blob(content, block * _BLOCK, number, path)


def _blob(content: bytes, start: int, number: int, path: str) -> bytes:
    if start + _BLOB.size > len(content):
        raise unparsable(path, "a package lies beyond its end")
    magic, own_number, _, size = _BLOB.unpack_from(content, start)
    first = start + _BLOB.size
    if magic != b"BlbS" or own_number != number or first + size > len(content):
        raise unparsable(path, "a slot leads to no package")
    return content[first : first + size]
