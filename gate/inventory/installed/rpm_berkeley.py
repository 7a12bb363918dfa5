"""rpm's database as a hash of Berkeley DB: pages with pairs of key and value, large values on pages of their own."""

import struct
from collections.abc import Iterator

from gate.inventory.installed.packages import unparsable

_MAGIC = 0x061561
_HASH_META, _HASH_PAGES, _OVERFLOW = 8, frozenset({2, 13}), 7
_ON_PAGE, _OFF_PAGE = 1, 3
_PAGE_HEADER = 26
_PAGE_SIZES = frozenset(512 << shift for shift in range(8))
_SMALLEST_HEADER = 16


def blobs(content: bytes, path: str) -> Iterator[bytes]:
    """Yield the values of the database in `content` that are headers: all but that of the key 0, a counter."""
    yield from _Database(content, path).values()


class _Database:
    def __init__(self, content: bytes, path: str) -> None:
        self._content = content
        self._path = path
        if len(content) < 512:
            raise unparsable(path, "it is shorter than a page")
        self._order = "<" if struct.unpack_from("<I", content, 12)[0] == _MAGIC else ">"
        self._size = self._number(20)
        if content[25] != _HASH_META or content[24] or self._size not in _PAGE_SIZES:
            raise unparsable(path, "it is no plain hash of Berkeley DB")
        self._followed: set[int] = set()

    def values(self) -> Iterator[bytes]:
        for page in range(1, len(self._content) // self._size):
            start = page * self._size
            if self._content[start + 25] in _HASH_PAGES:
                yield from self._values_on(start)

    def _number(self, place: int, kind: str = "I") -> int:
        return int(struct.unpack_from(self._order + kind, self._content, place)[0])

    def _values_on(self, start: int) -> Iterator[bytes]:
        count = self._number(start + 20, "H")
        if count % 2 or _PAGE_HEADER + 2 * count > self._size:
            raise unparsable(self._path, "a page has more entries than room")
        places = [self._number(start + _PAGE_HEADER + 2 * index, "H") for index in range(count)]
        ends = [self._size, *places]  # items fill a page from its end
        for index in range(1, count, 2):
            value = self._value(start, places[index], ends[index])
            if len(value) >= _SMALLEST_HEADER:
                yield value

    def _value(self, start: int, place: int, end: int) -> bytes:
        if not _PAGE_HEADER <= place < end <= self._size:
            raise unparsable(self._path, "an entry lies outside of its page")
        kind = self._content[start + place]
        if kind == _ON_PAGE:
            return self._content[start + place + 1 : start + end]
        if kind == _OFF_PAGE and end - place >= 12:
            return self._overflow(self._number(start + place + 4), self._number(start + place + 8))
        raise unparsable(self._path, "an entry is of an unknown kind")

    def _overflow(self, page: int, size: int) -> bytes:
        """Join the pages of a large value. Each page belongs to one value, so that circles end."""
        pieces = []
        left = size
        while left > 0:
            start = page * self._size
            if page == 0 or page in self._followed or start + self._size > len(self._content):
                raise unparsable(self._path, "a package goes on at a page that is not there or not its own")
            if self._content[start + 25] != _OVERFLOW:
                raise unparsable(self._path, "a package goes on at a page of another kind")
            self._followed.add(page)
            used = self._number(start + 22, "H")
            if not 0 < used <= self._size - _PAGE_HEADER:
                raise unparsable(self._path, "a page is fuller than it can be")
            pieces.append(self._content[start + _PAGE_HEADER : start + _PAGE_HEADER + used])
            left -= used
            page = self._number(start + 16)
        return b"".join(pieces)[:size]
