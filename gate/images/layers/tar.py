"""A strict reader of tar headers. What Go's archive/tar, the library of container engines, refuses is an error here.

Only headers are read; a file's content is found by its offset. Formats: v7, ustar, pax, GNU (long names; no sparse
files, which Go refuses to write and layers do not have).
"""

from collections.abc import Iterator
from zlib import adler32

import msgspec

from gate.core.errors import LimitError, UnreadableError
from gate.images.layers.span import Span
from gate.images.limits import MAX_EXTENSION, MAX_PATH, Budget
from gate.trees import EntryKind

_BLOCK = 512
_ENDS = (bytes(_BLOCK), b"")
_AT_ONCE = 32 << 10
"""Bytes that are read at once: most files are small, so that these hold several headers."""
_KINDS = {
    b"0": EntryKind.FILE,
    b"\0": EntryKind.FILE,
    b"7": EntryKind.FILE,
    b"1": EntryKind.FILE,
    b"2": EntryKind.LINK,
    b"3": EntryKind.OTHER,
    b"4": EntryKind.OTHER,
    b"5": EntryKind.FOLDER,
    b"6": EntryKind.OTHER,
}
_WITH_CONTENT = frozenset({b"0", b"\0", b"7"})
_EXTENSIONS = frozenset({b"x", b"g", b"L", b"K"})
_CAPABILITY = b"SCHILY.xattr.security.capability"
_MAX_CAPABILITY = 64
"""Bytes of the attribute that are kept; a valid one has 24 at most."""


class TarMember(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One entry of a tar archive."""

    name: bytes
    kind: EntryKind
    mode: int
    size: int
    offset: int
    """Where its content starts, from the start of the archive."""
    link: bytes = b""
    is_hard_link: bool = False
    capability: bytes = b""
    """The extended attribute `security.capability`."""


class _Extension(msgspec.Struct):
    """The extension headers before an entry."""

    pax: dict[bytes, bytes] = {}
    long_name: bytes | None = None
    long_link: bytes | None = None


def members(archive: Span, budget: Budget) -> Iterator[TarMember]:
    """Yield the entries of a tar archive in their order.

    Raises UnreadableError for what is no tar archive, LimitError for more entries than `budget` has left.
    """
    position = 0
    extension: _Extension | None = None
    blocks = _Blocks(archive)
    while (block := blocks.at(position)) not in _ENDS:
        budget.take_entry()
        place = _Place(archive, position)
        _check_sum(block, place)
        flag = block[156:157]
        if flag in _EXTENSIONS:
            extension = extension or _Extension()
            size = _number(block[124:136], place)
            _take(extension, flag, _extension(archive, position, size, place), place)
            position += _BLOCK + _padded(size)
            continue
        member, size = _member(block, flag, extension, place)
        position += _BLOCK + _padded(size)
        if not archive.reaches(position):
            raise place.error(f"the entry has {size:,} bytes, more than are left")
        extension = None
        yield member
    if extension is not None:
        raise UnreadableError("ends after an extension header", path=archive.name)
    if (
        block and blocks.at(position + _BLOCK) not in _ENDS
    ):  # the end is two blocks of zeros, and some readers go on after one
        raise UnreadableError("goes on behind a lone block of zeros", path=archive.name)


class _Blocks:
    """Reads the blocks of an archive, several at once."""

    def __init__(self, archive: Span) -> None:
        self._archive = archive
        self._start = 0
        self._read = b""

    def at(self, position: int) -> bytes:
        """Return the block at `position`, nothing at the very end. Raises UnreadableError if it is not whole."""
        offset = position - self._start
        if offset + _BLOCK > len(self._read):
            self._read = self._archive.peek(position, _AT_ONCE)
            self._start, offset = position, 0
            if 0 < len(self._read) < _BLOCK:
                return self._archive.read(position, _BLOCK)
        return self._read[offset : offset + _BLOCK]


class _Place:
    """The position of a header in its archive, for errors."""

    __slots__ = ("_archive", "position")

    def __init__(self, archive: Span, position: int) -> None:
        self._archive = archive
        self.position = position

    def error(self, what: str) -> UnreadableError:
        return UnreadableError(f"is no valid tar archive: {what} (header at byte {self.position:,})", path=self.name)

    @property
    def name(self) -> str:
        return self._archive.name


def _padded(size: int) -> int:
    return (size + _BLOCK - 1) // _BLOCK * _BLOCK


def _check_sum(block: bytes, place: _Place) -> None:
    stated = _number(block[148:156], place)
    if stated != _sum(block[:256]) + _sum(block[256:]) - sum(block[148:156]) + 8 * 0x20 and stated != _signed_sum(
        block
    ):
        raise place.error("wrong header checksum")


def _sum(half: bytes) -> int:
    """Return the sum of up to 256 bytes: it is the lower half of Adler-32 minus one (RFC 1950), which is fast in C."""
    return (adler32(half) & 0xFFFF) - 1


def _signed_sum(block: bytes) -> int:
    # Some old programs added up the bytes as signed numbers; Go and GNU tar accept that too.
    counted = block[:148] + b" " * 8 + block[156:]
    return sum(byte - 256 if byte > 127 else byte for byte in counted)


def _number(field: bytes, place: _Place) -> int:
    """Read an octal number, or GNU's base 256; never negative."""
    if field[0] & 0x80:
        if field[0] & 0x40:
            raise place.error("a negative number")
        return int.from_bytes(bytes([field[0] & 0x7F]) + field[1:], "big")
    digits = field.strip(b" \0")
    if not digits:
        return 0
    try:
        if digits.isdigit():
            return int(digits, 8)
    except ValueError:  # an 8 or 9
        pass
    raise place.error("a number that is not octal")


def _text(field: bytes) -> bytes:
    return field.partition(b"\0")[0]


def _extension(archive: Span, position: int, size: int, place: _Place) -> bytes:
    if size > MAX_EXTENSION:
        raise LimitError(
            f"has an extension header of {size:,} bytes; at most {MAX_EXTENSION:,} are read", path=place.name
        )
    return archive.read(position + _BLOCK, size)


def _take(extension: _Extension, flag: bytes, content: bytes, place: _Place) -> None:
    # Docker and containerd ignore global headers ("g"), so these are read but not applied.
    if flag == b"L":
        extension.long_name = _text(content)
    elif flag == b"K":
        extension.long_link = _text(content)
    elif flag == b"x":
        extension.pax = _pax(content, place)


def _pax(content: bytes, place: _Place) -> dict[bytes, bytes]:
    """Parse the records `LENGTH KEY=VALUE\\n` of a pax header (POSIX.1-2001, pax interchange format)."""
    records: dict[bytes, bytes] = {}
    position = 0
    while position < len(content):
        space = content.find(b" ", position, position + 20)
        length = content[position:space] if space > 0 else b""
        end = position + int(length) if length.isdigit() else 0
        if end <= space or end > len(content) or content[end - 1 : end] != b"\n":
            raise place.error("a damaged pax header")
        key, equals, value = content[space + 1 : end - 1].partition(b"=")
        if not equals or (key in (b"path", b"linkpath") and b"\0" in value):
            raise place.error("a damaged pax header")
        records[key] = value
        position = end
    return records


def _member(block: bytes, flag: bytes, extension: _Extension | None, place: _Place) -> tuple[TarMember, int]:
    """Return the entry and the number of its content bytes that follow the header."""
    if flag not in _KINDS:
        what = "a sparse file" if flag == b"S" else f"an entry of the unknown type {flag!r}"
        raise place.error(what)
    name, link = _name(block), _text(block[157:257])
    capability = b""
    if extension is not None:
        capability = extension.pax.get(_CAPABILITY, b"")[:_MAX_CAPABILITY]
        name, link = _extended(extension, name, link, place)
    size = _size(block, extension, place) if flag in _WITH_CONTENT else 0
    is_old_folder = flag == b"\0" and name.endswith(b"/")
    kind = EntryKind.FOLDER if is_old_folder else _KINDS[flag]
    mode = _number(block[100:108], place) & 0o7777
    return TarMember(name, kind, mode, size, place.position + _BLOCK, link, flag == b"1", capability), size


def _extended(extension: _Extension, name: bytes, link: bytes, place: _Place) -> tuple[bytes, bytes]:
    """Return name and link from the extension headers, or else from the entry's own header."""
    pax = extension.pax
    if any(key.startswith(b"GNU.sparse.") for key in pax):
        raise place.error("a sparse file")
    name = _first(extension.long_name, pax.get(b"path"), name)
    link = _first(extension.long_link, pax.get(b"linkpath"), link)
    if len(name) > MAX_PATH or len(link) > MAX_PATH:
        raise LimitError(f"has a path of more than {MAX_PATH:,} bytes", path=place.name)
    return name, link


def _first(long: bytes | None, pax: bytes | None, short: bytes) -> bytes:
    if long is not None:
        return long
    return pax or short


def _name(block: bytes) -> bytes:
    name = _text(block[:100])
    if block[257:263] != b"ustar\0":
        return name
    prefix = _text(block[345:476] if block[508:512] == b"tar\0" else block[345:500])
    return prefix + b"/" + name if prefix else name


def _size(block: bytes, extension: _Extension | None, place: _Place) -> int:
    stated = extension.pax.get(b"size") if extension else None
    if not stated:
        return _number(block[124:136], place)
    if not stated.isdigit() or len(stated) > 20:
        raise place.error("a size that is no number")
    return int(stated)
