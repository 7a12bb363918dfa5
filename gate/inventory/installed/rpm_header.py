"""The header of an installed RPM package, as its databases hold it (RPM file format, "Header Structure").

Two counts, then an index of 16 bytes an entry (tag, type, offset, count), then the store that the offsets point into;
all numbers are big-endian.
"""

import struct
from collections.abc import Iterator

from gate.inventory.installed.packages import unparsable

MAX_ENTRIES = 0xFFFF
"""Tags of one package, as rpm itself allows."""
MAX_STRINGS = 1_000_000
"""Strings of one array: files of a package."""

_COUNTS = struct.Struct(">II")
_ENTRY = struct.Struct(">IIII")
_INT32, _STRING, _STRINGS, _TRANSLATED = 4, 6, 8, 9

NAME, VERSION, RELEASE, EPOCH, LICENSE, ARCHITECTURE, SOURCE, MODULE = 1000, 1001, 1002, 1003, 1014, 1022, 1044, 5096
_OLD_FILES, _INDEXES, _BASES, _FOLDERS = 1027, 1116, 1117, 1118
DIGESTS, FLAGS, DIGEST_ALGORITHM = 1035, 1037, 5011
"""Of the files, in the order of their paths; and how the digests are made."""
_TAGS = frozenset(
    {NAME, VERSION, RELEASE, EPOCH, LICENSE, ARCHITECTURE, SOURCE, MODULE, _OLD_FILES, _INDEXES, _BASES, _FOLDERS}
    | {DIGESTS, FLAGS, DIGEST_ALGORITHM}
)


class Header:
    """The tags of one package; a value is cut out of the bytes when it is asked for."""

    def __init__(self, blob: bytes, path: str) -> None:
        """Read the index of `blob`. Raises UnreadableError if it does not fit the bytes."""
        self._blob = blob
        self._path = path
        if len(blob) < _COUNTS.size:
            raise self._error("is shorter than its counts")
        entries, size = _COUNTS.unpack_from(blob)
        self._store = _COUNTS.size + entries * _ENTRY.size
        self._end = self._store + size
        if entries > MAX_ENTRIES or self._end > len(blob):
            raise self._error("is shorter than its index says")
        index = _ENTRY.iter_unpack(blob[_COUNTS.size : self._store])
        self._places = {tag: (type, offset, count) for tag, type, offset, count in index if tag in _TAGS}

    def text(self, tag: int) -> str:
        """Return a string, or the first of several; empty if there is none."""
        return next(self.strings(tag), "")

    def number(self, tag: int) -> int:
        """Return a 32-bit number; 0 if there is none."""
        return next(self.numbers(tag), 0)

    def files(self) -> Iterator[str]:
        """Yield the paths of the package's files, with a `/` before."""
        yield from self.strings(_OLD_FILES)
        folders = list(self.strings(_FOLDERS))
        for base, index in zip(self.strings(_BASES), self.numbers(_INDEXES), strict=False):
            if index >= len(folders):
                raise self._error("has a file in a folder that it does not name")
            yield folders[index] + base

    def strings(self, tag: int) -> Iterator[str]:
        """Yield all strings of a tag."""
        type, offset, count = self._places.get(tag, (_STRING, 0, 0))
        if type not in (_STRING, _STRINGS, _TRANSLATED) or count > MAX_STRINGS:
            raise self._error("has a text of another type")
        position = self._store + offset
        for _ in range(count):
            end = self._blob.find(b"\0", position, self._end)
            if end < 0:
                raise self._error("has a text without an end")
            yield self._blob[position:end].decode("utf-8", "replace")
            position = end + 1

    def numbers(self, tag: int) -> Iterator[int]:
        """Yield all 32-bit numbers of a tag."""
        type, offset, count = self._places.get(tag, (_INT32, 0, 0))
        start = self._store + offset
        if type != _INT32 or start + 4 * count > self._end:
            raise self._error("has a number of another type or place")
        yield from (number for (number,) in struct.iter_unpack(">I", self._blob[start : start + 4 * count]))

    def _error(self, why: str) -> Exception:
        return unparsable(self._path, f"the header of an RPM package {why}")
