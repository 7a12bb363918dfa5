"""Which functions of a library may lead to one that it takes from another: the calls in its code (x86-64).

Code runs only if other code calls it, jumps to it or takes its address, if its address stands in data that is used, or
from outside by its name. Code of a library, which may lie anywhere, states the distance to all that it refers to (the
System V ABI). So no reference is missed, though it is not known where instructions begin: each byte that may stand
before such a distance counts. That finds more references than there are.

Each function is one node, and each section of data with the addresses in it. A reference of any kind is an edge: code
that is called by an address which was taken before was taken by code that ran, and that has the edge.
"""

import re
import struct
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from itertools import accumulate
from operator import add

import msgspec

from gate.inventory.installed.elf import X86_64, Elf, ElfSection

_MAX_SIZE = 16 << 20
"""Bytes from the first address to the last: so the last byte of each distance is 0 or 255."""
_FIRST = rb"[\x0f\xe8\xe9\x05\x0d\x15\x1d\x25\x2d\x35\x3d]"
_FAR = re.compile(b"(" + _FIRST + rb"(?:(?<!\x0f)|(?<=\x0f)[\x80-\x8f]))(?=(...[\0\xff]))", re.DOTALL)
"""`call`, `jmp`, conditional jumps (`0f 8x`), and operands that are an address: behind it four bytes with the distance
from their end. A pattern that begins with a set of bytes is found twice as fast as one that looks ahead."""
_NEAR = re.compile(rb"[\xeb\x70-\x7f\xe0-\xe3](?=(.))", re.DOTALL)
"""Jumps of at most 128 bytes."""
_STUB = re.compile(rb"\xff\x25(....)", re.DOTALL)
"""How a stub of the procedure linkage table goes on to a function, whose address is in the global offset table."""
_STUB_SIZE = 16
_PADDING = re.compile(rb"(?:\x66*(?:\x2e?\x0f\x1f(?:\0|\x40\0|\x44\0\0|\x80\0{4}|\x84\0{5})|\x90)|\xcc|\0)*")
_RETURN = re.compile(rb"(?:\xc3|\xe9....|\xeb.|\x0f\x0b|\xf4)", re.DOTALL)
"""How code ends that does not go on with what follows: `ret`, `jmp`, `ud2`, `hlt`."""
_GLOB_DAT, _JUMP_SLOT = 6, 7
"""Relocations that put the address of a symbol into the global offset table."""
_BY_LOADER = frozenset({12, 13})
"""Tags of the dynamic section with functions that the loader calls: DT_INIT, DT_FINI."""
_USED_BY_LOADER = re.compile(r"\.(?:preinit_array|init_array|fini_array|ctors|dtors|tdata)\b.*")
"""Sections of data that need no reference."""
_SORTED_TABLE = b"\x01\x1b\x03\x3b"
"""How the table of functions begins (LSB, `.eh_frame_hdr`) as linkers write it."""
_CODE = re.compile(r"\.(?:text|init|fini)\b.*")
_LINKAGE = re.compile(r"\.plt\b.*")
_OFFSETS = re.compile(r"\.got\b.*")
_ENTRY = 8
"""Bytes of an entry in the offset table."""
_PACKED_RELOCATIONS = ".relr.dyn"
_TLS = 6


class _NotKnownError(Exception):
    """The library is not as linkers make them, so that a reference may be missed."""


class _Symbol(msgspec.Struct, frozen=True):
    name: bytes
    address: int
    is_defined: bool


def leading_to(elf: Elf, is_meant: Callable[[bytes], bool]) -> tuple[str, ...] | None:
    """Return the names in a library that lead to a function that it takes from elsewhere and that `is_meant`.

    None if they are not known: for another processor, without a table of functions, if the loader calls such code.
    """
    if elf.machine != X86_64 or not elf.is_wide or elf.order != "<":
        return None
    try:
        return _Library(elf, is_meant).leading()
    except (struct.error, IndexError, ValueError, _NotKnownError):
        return None


class _Library:
    def __init__(self, elf: Elf, is_meant: Callable[[bytes], bool]) -> None:
        self._elf = elf
        self._is_meant = is_meant
        self._symbols = list(_symbols(elf))
        self._sections = sorted((one for one in elf.sections if one.size and one.address), key=lambda one: one.address)
        self._places = [one.address for one in self._sections]
        executable = [one for one in self._sections if one.is_executable]
        self._code = [one for one in executable if _CODE.fullmatch(one.name)]
        self._linkage = [one for one in executable if _LINKAGE.fullmatch(one.name)]
        if len(self._code) + len(self._linkage) < len(executable) or elf.section(_PACKED_RELOCATIONS):
            raise _NotKnownError
        if self._places[-1] + self._sections[-1].size - self._places[0] >= _MAX_SIZE:
            raise _NotKnownError
        self._contents = {one.address: self._elf.bytes_of(one) for one in self._code}
        self._callers: dict[int, set[int]] = {}
        """By a node: those that refer to it."""
        self._using: set[int] = set()
        """Nodes that refer to a function that is meant."""
        self._used_in_code: set[bytes] = set()
        """Names of those functions that code refers to."""
        self._slots: dict[int, _Symbol] = {}
        """By the address in the global offset table."""
        self._starts = self._functions()
        self._take_relocations()
        self._stubs = dict(stub for one in self._linkage for stub in self._stubs_of(one))
        """By the address in the procedure linkage table."""
        self._stub_places = sorted(self._stubs)
        self._all = range(self._places[0], self._places[-1] + self._sections[-1].size)
        """All addresses."""
        self._take_code()

    def leading(self) -> tuple[str, ...]:
        """Return the names that lead to a function that is meant."""
        wanted = {one.name for one in self._symbols if not one.is_defined and self._is_meant(one.name)}
        leading = _closure(self._using, self._callers)
        if wanted - self._used_in_code or not leading.isdisjoint(self._used_by_loader()):
            raise _NotKnownError  # what is taken from elsewhere is used somewhere
        defined = (one for one in self._symbols if one.is_defined)
        return tuple(sorted({one.name.decode() for one in defined if self._node(one.address) in leading}))

    def _used_by_loader(self) -> Iterator[int | None]:
        for section in self._sections:
            if _USED_BY_LOADER.fullmatch(section.name):
                yield section.address
        (entry,) = struct.unpack_from("<Q", self._elf.content, 24)
        yield self._node(entry)  # a library may be a program as well
        for tag, value in _entries("<qQ", self._elf.section(".dynamic") or b""):
            if tag in _BY_LOADER:
                yield self._node(value)

    def _take_relocations(self) -> None:
        for name in (".rela.dyn", ".rela.plt"):
            for place, info, addend in _entries("<QQq", self._elf.section(name) or b""):
                symbol = self._symbols[info >> 32] if info >> 32 else _Symbol(b"", 0, is_defined=True)
                symbol = msgspec.structs.replace(symbol, address=symbol.address + addend)
                section = self._section(place)
                if section is None:
                    raise _NotKnownError
                is_handle = symbol.address == place == section.address and section.name == ".data"  # `__dso_handle`
                if info & 0xFFFFFFFF in (_GLOB_DAT, _JUMP_SLOT) or _OFFSETS.fullmatch(section.name) or is_handle:
                    self._slots[place] = _Symbol(b"", 0, is_defined=True) if is_handle else symbol
                self._refer(section.address, symbol)

    def _stubs_of(self, section: ElfSection) -> Iterator[tuple[int, _Symbol]]:
        for found in _STUB.finditer(self._elf.bytes_of(section)):
            symbol = self._slots.get(section.address + found.end() + _signed(found[1]))
            if symbol is not None:
                yield section.address + found.start(), symbol

    def _take_code(self) -> None:
        starts = {start: self._node(start) for start in self._starts}
        contents = [(self._contents[section.address], section.address) for section in self._code]
        references = [_references(content, address, self._all) for content, address in contents]
        nodes, meant = self._nodes_at({address for _, addresses in references for address in addresses})
        for ends, addresses in references:
            for function, one in self._by_function(ends, addresses):
                if not meant.isdisjoint(one):
                    self._using.add(function)
                self._note(function, map(nodes.get, one))
        for content, address in contents:
            for function, one in self._by_function(*_jumps(content, address, starts.keys())):
                self._note(function, map(starts.get, one))

    def _note(self, function: int, nodes: Iterable[int | None]) -> None:
        for node in set(nodes):
            if node is not None:
                self._callers.setdefault(node, set()).add(function)

    def _by_function(self, ends: Sequence[int], addresses: Sequence[int]) -> Iterator[tuple[int, set[int]]]:
        """Yield each function with the addresses that it refers to, of references sorted by their ends."""
        place = 0
        while place < len(ends):
            number = bisect_right(self._starts, ends[place] - 1)
            is_last = number == len(self._starts)
            behind = len(ends) if is_last else bisect_right(ends, self._starts[number], place)
            yield self._starts[number - 1], set(addresses[place:behind])
            place = behind

    def _nodes_at(self, addresses: Set[int]) -> tuple[dict[int, int | None], set[int]]:
        """Return the node of each address, and the addresses of functions that are meant."""
        found = sorted(addresses)
        nodes: dict[int, int | None] = {}
        others = {*addresses & self._slots.keys()}
        for section, behind in zip(self._sections, (*self._places[1:], self._all.stop), strict=True):
            end = min(section.address + section.size, behind)
            inside = found[bisect_left(found, section.address) : bisect_left(found, end)]
            if section in self._code:
                nodes.update((address, self._function(address)) for address in inside)
            elif section.is_executable or section.is_writable:
                others.update(inside)
        symbols = {address: self._symbol_at(address) for address in others}
        self._used_in_code.update(symbol.name for symbol in symbols.values())
        nodes.update((address, self._node(one.address) if one.is_defined else None) for address, one in symbols.items())
        return nodes, {at for at, one in symbols.items() if not one.is_defined and self._is_meant(one.name)}

    def _refer(self, node: int, symbol: _Symbol) -> None:
        if not symbol.is_defined:
            if self._is_meant(symbol.name):
                self._using.add(node)
        elif (other := self._node(symbol.address)) is not None:
            self._callers.setdefault(other, set()).add(node)

    def _symbol_at(self, address: int) -> _Symbol:
        """Return what the offset table has at an address, or the stub there goes on to, or what lies there itself."""
        if address in self._slots:
            return self._slots[address]
        section = self._section(address)
        if section in self._linkage:
            place = bisect_left(self._stub_places, address)
            if place < len(self._stub_places) and self._stub_places[place] - address < _STUB_SIZE:
                return self._stubs[self._stub_places[place]]
        return _Symbol(b"", address, is_defined=True)

    def _functions(self) -> list[int]:
        """Return where functions begin, sorted; code that is none of the table's is one, too."""
        ranges = sorted(self._ranges())
        inside = {start for start, _ in ranges}
        starts = sorted({*inside, *(end for _, end in ranges), *(one.address for one in self._code)})
        for section in self._code:
            of_section = [one for one in starts if section.address <= one < section.address + section.size]
            ends = [*of_section[1:], section.address + section.size]
            before: int | None = None
            for start, end in zip(of_section, ends, strict=True):
                code = self._contents[section.address][start - section.address : end - section.address]
                if start not in inside and not _PADDING.fullmatch(code):
                    if before is not None:
                        self._callers.setdefault(start, set()).add(before)
                    if end in starts and not _returns(code):
                        self._callers.setdefault(end, set()).add(start)
                before = start
        return starts

    def _ranges(self) -> Iterator[tuple[int, int]]:
        """Yield begin and end of each function in the table for unwinding."""
        header = next((one for one in self._sections if one.name == ".eh_frame_hdr"), None)
        table = self._elf.bytes_of(header) if header is not None else b""
        if header is None or not table.startswith(_SORTED_TABLE):
            raise _NotKnownError
        (count,) = struct.unpack_from("<I", table, 8)
        for start, entry in _entries("<ii", table[12 : 12 + 8 * count]):
            at = header.address + entry + 8
            relative, size = struct.unpack("<iI", self._elf.at(at, 8))
            if at + relative != header.address + start:
                raise _NotKnownError
            if self._section(header.address + start) in self._code:
                yield header.address + start, header.address + start + size

    def _node(self, address: int) -> int | None:
        """Return the function or the section of data with an address; None for what holds no address of code."""
        section = self._section(address)
        if section is None or not (section.is_writable or section.is_executable):
            return None
        if section in self._code:
            return self._function(address)
        # The offset table is read by whole entries; to compare one with a number, which follows the distance, is none.
        return None if _OFFSETS.fullmatch(section.name) and address % _ENTRY else section.address

    def _function(self, address: int) -> int:
        return self._starts[bisect_right(self._starts, address) - 1]

    def _section(self, address: int) -> ElfSection | None:
        place = bisect_right(self._places, address) - 1
        section = self._sections[place] if place >= 0 else None
        return section if section is not None and address < section.address + section.size else None


def _references(code: bytes, address: int, meant: range) -> tuple[list[int], list[int]]:
    """Return where each distance of four bytes that leads to what is meant ends, and where it leads.

    Code has very many, so they are taken together.
    """
    texts = _FAR.split(code)  # what is between two, how one begins, the distance, and so on
    ends = list(accumulate(map(add, map(len, texts[:-1:3]), map(len, texts[1::3]))))
    behind = address + 4
    low, high = meant.start - behind, meant.stop - behind
    found = zip(ends, map(add, ends, array("i", b"".join(texts[2::3]))), strict=True)
    kept = [(end + behind, place + behind) for end, place in found if low <= place < high]
    return [end for end, _ in kept], [place for _, place in kept]


def _jumps(code: bytes, address: int, starts: Set[int]) -> tuple[list[int], list[int]]:
    """Return where each near jump to one of `starts` ends, and where it leads."""
    texts = _NEAR.split(code)
    ends = list(accumulate((len(text) + 1 for text in texts[:-1:2]), initial=address + 1))[1:]
    found = zip(ends, map(add, ends, array("b", b"".join(texts[1::2]))), strict=True)
    kept = [(end, place) for end, place in found if place in starts]
    return [end for end, _ in kept], [place for _, place in kept]


def _symbols(elf: Elf) -> Iterator[_Symbol]:
    names = elf.section(".dynstr") or b""
    for name, info, _, section, address, _ in _entries("<IBBHQQ", elf.section(".dynsym") or b""):
        text = names[name : names.index(b"\0", name)]
        yield _Symbol(text, address, is_defined=section != 0 and info & 15 != _TLS)


def _returns(code: bytes) -> bool:
    """True for code that does not go on with what follows it."""
    for place in range(len(code), max(0, len(code) - _STUB_SIZE), -1):
        if _PADDING.fullmatch(code, place) and any(_RETURN.fullmatch(code, place - size, place) for size in (1, 2, 5)):
            return True
    return False


def _entries(shape: str, content: bytes) -> Iterable[tuple[int, ...]]:
    size = struct.calcsize(shape)
    return struct.iter_unpack(shape, content[: len(content) // size * size])


def _signed(distance: bytes) -> int:
    return int.from_bytes(distance, "little", signed=True)


def _closure(starts: Iterable[int], following: dict[int, set[int]]) -> set[int]:
    known = set(starts)
    todo = list(known)
    while todo:
        new = following.get(todo.pop(), set()) - known
        known |= new
        todo += new
    return known
