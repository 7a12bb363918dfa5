"""The tables in an assembly of .NET (ECMA-335, II.22 to II.25), and the bodies of its methods as bytes."""

import re
import struct
from collections.abc import Iterator
from functools import cached_property

from gate.core.errors import LimitError, UnreadableError
from gate.reachability.assemblies import tables

ENDINGS = (".dll", ".exe")
"""Of the names of assemblies."""
LONGEST_NAME = 1023
"""Bytes of a name, which compilers allow."""
_MOST_READ = 4
"""How often as many bytes as the assembly has are read of bodies and heaps, together."""
_MOST_DATA = 4096
_CLI = 14
"""Number of the directory in a program's header that leads to the metadata."""
_NUMBER = re.compile(rb"[\x11\x12\x1f\x20](?=(.{1,4}))", re.DOTALL)
"""A type in a signature: VALUETYPE, CLASS or a modifier, and the type's number behind it."""


class NoAssemblyError(Exception):
    """A program or library of Windows without code of .NET."""


class Metadata:
    """The tables and heaps of an assembly. Rows are counted from 1, as tokens do."""

    def __init__(self, content: bytes, path: str) -> None:
        """Read an assembly. Raises NoAssemblyError if it is none, UnreadableError if it is damaged."""
        self._content = content
        self._path = path
        self._sections: list[tuple[int, ...]] = []
        self._heaps: dict[bytes, bytes] = {}
        self._tables: dict[int, tuple[int, int, struct.Struct]] = {}
        self._known: dict[int, list[tuple[int, ...]]] = {}
        self._read_before: dict[tuple[bytes, int], bytes] = {}
        self._left = _MOST_READ * len(content)
        try:
            self._read()
        except (struct.error, IndexError, ValueError, KeyError) as error:
            raise self.damaged() from error

    def damaged(self) -> UnreadableError:
        """Return the error to raise where something in the assembly makes no sense."""
        return UnreadableError("is no sound assembly of .NET", path=self._path)

    def rows(self, table: int) -> list[tuple[int, ...]]:
        """Return the rows of a table; row 1 is the first."""
        if table not in self._known:
            found = self._tables.get(table)
            if found is None:
                self._known[table] = []
            else:
                start, count, row = found
                self._known[table] = list(row.iter_unpack(self._content[start : start + count * row.size]))
        return self._known[table]

    def row(self, table: int, number: int) -> tuple[int, ...]:
        """Return one row. Raises UnreadableError if there is none of that number."""
        rows = self.rows(table)
        if not 0 < number <= len(rows):
            raise self.damaged()
        return rows[number - 1]

    def members(self, column: int, table: int) -> list[tuple[int, int]]:
        """Return for each type its first member in a table, and the one behind its last; `column` states the first."""
        end = len(self.rows(table)) + 1
        starts = [row[column] for row in self.rows(tables.TYPE_DEF)]
        if starts != sorted(starts) or (starts and not 0 < starts[0] <= starts[-1] <= end):
            raise self.damaged()
        return list(zip(starts, (*starts[1:], end), strict=True)) if starts else []

    def name(self, place: int) -> str:
        """Return the name at a place of its heap. Raises UnreadableError for one that does not end."""
        heap = self._heaps.get(b"#Strings", b"")
        end = heap.find(b"\0", place, place + LONGEST_NAME + 1)
        if end < 0:
            raise self.damaged()
        return heap[place:end].decode("utf-8", "replace")

    def blob(self, place: int) -> bytes:
        """Return the bytes at a place of their heap."""
        return self._sized(b"#Blob", place)

    def text(self, place: int) -> str:
        """Return the string at a place of its heap."""
        return self._sized(b"#US", place)[:-1].decode("utf-16-le", "replace")

    def all_texts(self) -> Iterator[str]:
        """Yield all strings of the heap of these, used or not."""
        heap, place = self._heaps.get(b"#US", b""), 1
        while place < len(heap):
            size, length = _compressed(heap[place : place + 4])
            if size is None:
                raise self.damaged()
            if size > 1:
                yield heap[place + length : place + length + size - 1].decode("utf-16-le", "replace")
            place += length + size

    def data(self, address: int) -> bytes:
        """Return the first 4 KiB of what is at an address."""
        place = self._place(address)
        return self._content[place : place + _MOST_DATA]

    def coded(self, kind: str, value: int) -> tuple[int, int]:
        """Return table and row to which an index of several kinds leads."""
        kinds, bits = tables.CODED[kind], tables.bits_of(kind)
        number = value & ((1 << bits) - 1)
        if number >= len(kinds):
            raise self.damaged()
        return kinds[number], value >> bits

    def types_in(self, signature: int) -> list[tuple[int, int]]:
        """Return table and row of what may be types in the signature at a place of its heap: these, and seldom more."""
        found = (_compressed(match[1]) for match in _NUMBER.finditer(self.blob(signature)))
        numbers = (value for value, _ in found if value is not None and value & 3 < 3)
        kinds = (self.coded("TypeDefOrRef", value) for value in numbers)
        return [(table, row) for table, row in kinds if 0 < row <= len(self.rows(table))]

    def body(self, address: int) -> tuple[bytes, int]:
        """Return the instructions of a method at its address, and the row of the signature of its variables, or 0."""
        place = self._place(address)
        first = self._content[place]
        if first & 3 == 2:
            self._spend(first >> 2)
            return self._content[place + 1 : place + 1 + (first >> 2)], 0
        if first & 3 != 3:
            raise self.damaged()
        try:
            flags, _, size, variables = struct.unpack_from("<HHII", self._content, place)
        except struct.error as error:
            raise self.damaged() from error
        self._spend(size)
        start = place + (flags >> 12) * 4
        return self._content[start : start + size], variables & 0xFFFFFF

    @cached_property
    def resources(self) -> bytes:
        """What the assembly holds in addition to its code."""
        address, size = self._resources
        return self._content[self._place(address) :][:size] if size else b""

    def _sized(self, name: bytes, place: int) -> bytes:
        if (name, place) not in self._read_before:
            heap = self._heaps.get(name, b"")
            size, length = _compressed(heap[place : place + 4])
            if size is None:
                raise self.damaged()
            self._spend(size)
            self._read_before[name, place] = heap[place + length : place + length + size]
        return self._read_before[name, place]

    def _spend(self, size: int) -> None:
        """Count what is read of bodies and heaps, whose parts a sound assembly does not let overlap."""
        self._left -= size
        if self._left < 0:
            raise LimitError("has methods or values that overlap", path=self._path)

    def _read(self) -> None:
        content = self._content
        (header,) = struct.unpack_from("<I", content, 0x3C)
        if not content.startswith(b"MZ") or content[header : header + 4] != b"PE\0\0":
            raise NoAssemblyError
        sections, optional = struct.unpack_from("<H12xH", content, header + 6)
        directories = header + 24 + (96 if content[header + 24 : header + 26] == b"\x0b\x01" else 112)
        self._sections = [
            struct.unpack_from("<4I", content, header + 24 + optional + 40 * number + 8) for number in range(sections)
        ]
        address, size = struct.unpack_from("<2I", content, directories + 8 * _CLI)
        if directories + 8 * _CLI + 8 > header + 24 + optional or not size:
            raise NoAssemblyError
        root, _, _, _, *self._resources = struct.unpack_from("<6I", content, self._place(address) + 8)
        self._read_heaps(self._place(root))

    def _place(self, address: int) -> int:
        for size, start, raw_size, raw in self._sections:
            if start <= address < start + max(size, raw_size):
                return address - start + raw
        raise self.damaged()

    def _read_heaps(self, root: int) -> None:
        if self._content[root : root + 4] != b"BSJB":
            raise self.damaged()
        (length,) = struct.unpack_from("<I", self._content, root + 12)
        (streams,) = struct.unpack_from("<H", self._content, root + 16 + length + 2)
        place = root + 16 + length + 4
        place_of_tables = None
        for _ in range(streams):
            start, size = struct.unpack_from("<2I", self._content, place)
            name = self._content[place + 8 : self._content.index(b"\0", place + 8)]
            place += 8 + (len(name) // 4 + 1) * 4
            if name in (b"#~", b"#-"):
                place_of_tables = root + start
            else:
                self._heaps[name] = self._content[root + start : root + start + size]
        if place_of_tables is None:
            raise self.damaged()
        self._read_tables(place_of_tables)

    def _read_tables(self, place: int) -> None:
        heaps, present = struct.unpack_from("<6xBxQ", self._content, place)
        numbers = [number for number in range(64) if present >> number & 1]
        counts = dict(zip(numbers, struct.unpack_from(f"<{len(numbers)}I", self._content, place + 24), strict=True))
        if any(counts.get(number) for number in tables.POINTERS):
            raise self.damaged()
        place += 24 + 4 * len(numbers) + (4 if heaps & 0x40 else 0)
        for number, count in counts.items():
            if number not in tables.COLUMNS:
                break  # what follows is of debuggers
            row = struct.Struct(tables.row_format(number, counts, heaps))
            if place + count * row.size > len(self._content):
                raise self.damaged()
            self._tables[number] = (place, count, row)
            place += count * row.size


def _compressed(content: bytes) -> tuple[int | None, int]:
    """Return a number (II.23.2) and how many bytes it takes; None where there is none."""
    if not content:
        return None, 0
    if content[0] < 0x80:
        return content[0], 1
    if content[0] < 0xC0 and len(content) > 1:
        return (content[0] & 0x3F) << 8 | content[1], 2
    if content[0] < 0xE0 and len(content) > 3:
        return int.from_bytes(content[:4], "big") & 0x1FFFFFFF, 4
    return None, 0
