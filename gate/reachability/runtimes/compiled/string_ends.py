"""Strings that are the end of a longer one: `git` in `digit`, of which a linker keeps one copy (`SHF_MERGE`, gABI).

Code and data refer to such a string by the address of its first byte. So it is found by all addresses that they hold:
distances in the code of x86-64, pairs of instructions in that of AArch64, words in sections of data and in relocations
(System V ABI). A place that only looks like an address adds a string that nothing uses, and hides none. For processors
of which the code is not read, each end of each word counts.
"""

import re
import struct
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import accumulate, count
from operator import add

from gate.core.errors import UnreadableError
from gate.core.literals import Patterns
from gate.inventory.installed.elf import AARCH64, I386, MAGIC, X86_64, Elf, ElfSection, parse_elf
from gate.reachability.runtimes.compiled import aarch64
from gate.reachability.runtimes.compiled.packed_strings import packed_strings, texts_in_data
from gate.reachability.runtimes.walk.files import Files
from gate.trees.memo import Analysis

_BLOCK = ".rodata"
_IN_FIXED_PLACE = 2
"""The type of a program that is always loaded at the same address (ET_EXEC): its code holds addresses themselves."""
_LOADING = rb"\x8d[\x05\x0d\x15\x1d\x25\x2d\x35\x3d]"
"""`lea` of an address relative to the next instruction; four bytes with the distance follow."""
_SIZE_OF_LOADING, _WHOLE_LOADING = 2, 6
_BACK = re.compile(rb"\x8d[\x40-\x7f](?=([\x80-\xff]))")
"""`lea` of an address less than 128 bytes in front of a register's."""
_CODE_BEHIND = 48
_HOLDING = (
    (rb"[\x68\xb8-\xbf]", 0),
    *((rb"\xc7", between) for between in (1, 2, 3, 5, 6)),
    *((rb"\x8d", between) for between in (1, 2)),
)
"""`push`, and `mov` to a register; `mov` to memory; `lea`: how they begin, and the bytes before the number."""
_LONGEST_HOLDING = 11
_NO_REFERENCE = re.compile(
    r"\.(?:plt|eh_frame|gcc_except_table|dyn(?:str|sym|amic)|gnu|hash|gopclntab|note|comment)\b.*"
)
"""Sections that hold no address of a string."""
_OFFSETS = re.compile(r"\.got(?:\.plt)?")
_TEXT = re.compile(rb"[\t\n\x20-\x7e]{2,300}(?=\0)")
_NO_TEXT = 0xFF
_OTHERS = bytes({*range(1, 256)} - {*b"\t\n", *range(0x20, 0x7F)})
_KINDS = bytes.maketrans(_OTHERS, bytes([_NO_TEXT]) * len(_OTHERS))
"""All bytes of no string as one, for a search that need not look at each byte of very long texts."""
_WORD = re.compile(rb"[\w.+/-]{3,60}")
_RELOCATIONS, _PACKED = ".rela.dyn", ".relr.dyn"
_PLACE_OF_ADDEND = 2
"""Of the three numbers of a relocation (`Elf64_Rela`)."""
_MAX_TABLE = 10_000
"""Entries of a table of distances."""


def ends_in(path: str, files: Files) -> tuple[bytes, ...]:
    """Return the strings of an ELF file that are the end of a longer one, stand in data, or in one block as Go's do."""

    analysis = Analysis("strings that end others, by ends too, in data, and packed", tuple[bytes, ...], _sorted_ends)
    path = files.real(path)

    def find() -> tuple[bytes, ...]:
        return files.analysed(path, analysis) if files.starts_with(path, MAGIC) else ()

    return files.cached((ends_in, path), find)


def _sorted_ends(content: bytes) -> tuple[bytes, ...]:
    try:
        elf = parse_elf(content, "")
        return tuple(sorted({*ends_of(elf), *texts_in_data(elf), *packed_strings(elf)}))
    except (UnreadableError, struct.error):  # said where the file is followed
        return ()


def _at(places: Iterable[int], constants: bytes) -> Iterator[bytes]:
    for place in places:
        if place and constants[place - 1] and (found := _TEXT.match(constants, place)):
            yield found[0]


def _all_ends(constants: bytes) -> set[bytes]:
    words = set(_WORD.findall(constants))
    return {word[place:] for word in words for place in range(1, len(word) - 1)}


def _in_code_of_x86_64(elf: Elf, block: ElfSection) -> set[int]:
    """Return places by the distances in the code: most code has very many, so they are taken together."""
    places: set[int] = set()
    constants = elf.bytes_of(block)
    for section in _code(elf):
        low = block.address - section.address
        pattern = re.compile(b"%s(?=(...[%s]))" % (_LOADING, _tops(low - section.size, low + block.size)), re.DOTALL)
        code = elf.bytes_of(section)
        texts = pattern.split(code)  # what is between two, a distance, and so on
        distances = array("i", b"".join(texts[1::2]))
        begins = list(map(add, accumulate(map(len, texts[:-1:2])), count(0, _SIZE_OF_LOADING)))
        before = _SIZE_OF_LOADING + 4 - low
        low, high = -before, block.size - before
        found = [place + before for place in set(map(add, begins, distances)) if low <= place < high]
        places.update(found)
        behind = {place for place in found if constants[place] == 0 and constants[place - 1]}
        places.update(_counted_back(code, begins, distances, {place - before: place for place in behind}))
    return places


def _counted_back(
    code: bytes, begins: Iterable[int], distances: Iterable[int], behind: Mapping[int, int]
) -> Iterator[int]:
    """Yield the places of strings that code finds by their ends: `std::string` is given begin and end of a text."""
    for begin, distance in zip(begins, distances, strict=True) if behind else ():
        if begin + distance in behind:
            end = behind[begin + distance]
            sizes = _BACK.findall(code[begin + _WHOLE_LOADING : begin + _WHOLE_LOADING + _CODE_BEHIND])
            yield from (place for size in sizes if (place := end - 256 + size[0]) > 0)


def _tops(low: int, high: int) -> bytes:
    """Return the last bytes of all numbers from `low` to `high`, for a set in a pattern."""
    return _digits(low, high, 24)


def _digits(low: int, high: int, shift: int) -> bytes:
    """Return the bytes that all numbers from `low` to `high` have at a place, for a set in a pattern."""
    digits = {digit & 0xFF for digit in range(low >> shift, (high >> shift) + 1)[:256]}
    return b"".join(rb"\x%02x" % digit for digit in sorted(digits))


def _in_code_of_i386(elf: Elf, block: ElfSection) -> Iterator[int]:
    """Yield places by their distance from the offset table, which a register holds."""
    for table in elf.sections:
        if _OFFSETS.fullmatch(table.name):
            yield from _absolute(elf, block, table.address)


def _in_code_of_aarch64(elf: Elf, block: ElfSection) -> Iterator[int]:
    """Yield places by a page that a register is given (`adrp`) and what any `add` adds to the same register."""
    pages: set[tuple[int, int]] = set()
    added: dict[int, set[int]] = {}
    for section in _code(elf):
        code = elf.bytes_of(section)
        for held in aarch64.addresses(code, section.address, range(block.address, block.address + block.size)):
            yield held.address - block.address
        for register, page in aarch64.pages(code, section.address):
            pages.add((register, page))
        for register, low in aarch64.added(code):
            added.setdefault(register, set()).add(low)
    for register, page in pages:
        if block.address - aarch64.PAGE < page < block.address + block.size:
            for low in added.get(register, ()):
                yield from _inside(page + low - block.address, block)


def _inside(place: int, block: ElfSection) -> Iterator[int]:
    if 0 <= place < block.size:
        yield place


_IN_CODE: dict[int, Callable[[Elf, ElfSection], Iterable[int]]] = {
    X86_64: _in_code_of_x86_64,
    I386: _in_code_of_i386,
    AARCH64: _in_code_of_aarch64,
}


def ends_of(elf: Elf) -> set[bytes]:
    """Return the strings that are the end of a longer one, and that code or data may refer to."""
    block = next((one for one in elf.sections if one.name == _BLOCK), None)
    if block is None or elf.order != "<":
        return set() if block is None else _all_ends(elf.bytes_of(block))
    constants = elf.bytes_of(block)
    in_code = _IN_CODE.get(elf.machine)
    if in_code is None:
        return _all_ends(constants)
    places = {*in_code(elf, block)}
    if _is_in_fixed_place(elf):
        places.update(_absolute(elf, block, 0))
    else:
        places.update([*_in_tables(constants, places)])
    return set(_at({*places, *_in_data(elf, block)}, constants))


def _is_in_fixed_place(elf: Elf) -> bool:
    (kind,) = struct.unpack_from("<H", elf.content, 16)
    return bool(kind == _IN_FIXED_PLACE)


def _absolute(elf: Elf, block: ElfSection, base: int) -> Iterator[int]:
    """Yield places of which an instruction holds the address less `base`."""
    low, high = block.address - base, block.address + block.size - base
    number = rb"..[%s][%s]" % (_digits(low, high, 16), _digits(low, high, 24))
    operations = (operation + b"." * between for operation, between in _HOLDING)
    patterns = Patterns((operation + number for operation in operations), _LONGEST_HOLDING)
    for section in _code(elf):
        code = elf.bytes_of(section)
        numbers = b"".join([code[end - 4 : end] for end in patterns.ends(code)])
        yield from [number - low for number in set(array("i" if low < 0 else "I", numbers)) if low <= number < high]


def _in_data(elf: Elf, block: ElfSection) -> Iterator[int]:
    """Yield places of which data or relocations hold the address."""
    kind, size = ("Q", 8) if elf.is_wide else ("I", 4)
    low, high = block.address, block.address + block.size
    addends = _addends(elf)
    for section in addends or _data(elf):
        words = array(kind, elf.bytes_of(section)[: section.size // size * size])
        found = words[_PLACE_OF_ADDEND::3] if addends else words
        yield from [word - low for word in found if low < word < high]


def _addends(elf: Elf) -> list[ElfSection]:
    """Return the relocations of a file that may be loaded anywhere, if they alone hold the addresses in its data."""
    is_packed = any(section.name == _PACKED for section in elf.sections)
    found = [section for section in elf.sections if section.name == _RELOCATIONS]
    return [] if _is_in_fixed_place(elf) or is_packed or not elf.is_wide else found


def _data(elf: Elf) -> Iterator[ElfSection]:
    for section in elf.sections:
        if section.address and not section.is_executable and not _NO_REFERENCE.fullmatch(section.name):
            yield section


def _in_tables(constants: bytes, places: Iterable[int]) -> Iterator[int]:
    """Yield places that tables of distances from their own begin hold, as LLVM makes them: all lead to strings."""
    size = len(constants)
    kinds = constants.translate(_KINDS)
    distances = array("i", constants[: size // 4 * 4])
    whole = 4 * len(distances)
    aligned = [place for place in places if place % 4 == 0 and place < whole]
    for table in [place for place in aligned if 0 <= place + distances[place // 4] < size]:
        for number in range(table // 4, min(len(distances), table // 4 + _MAX_TABLE)):
            place = table + distances[number]
            if not (0 <= place < size and _is_string(kinds, place)):
                break
            yield place


def _is_string(kinds: bytes, place: int) -> bool:
    end = kinds.find(0, place)
    return end >= 0 and kinds.find(_NO_TEXT, place, end) < 0


def _code(elf: Elf) -> Iterator[ElfSection]:
    return (one for one in elf.sections if one.is_executable and not _NO_REFERENCE.fullmatch(one.name))
