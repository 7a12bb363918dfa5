"""The strings of compiled files; those of Go and Rust stand in one block without anything between them.

There a string is an address and a length. Both stand in the code (x86-64: `lea` of an address relative to the
instruction, and a `mov` of the length near it; AArch64: a page, what is added to it, and the length near them) or side
by side in the data, in programs that may be loaded anywhere as an entry of the relocations (gABI, "Relocation").
"""

import re
import struct
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from gate.inventory.installed.elf import AARCH64, X86_64, Elf, ElfSection
from gate.reachability.runtimes.compiled import aarch64

_OF_GO = (".gopclntab", ".data.rel.ro.gopclntab", ".go.buildinfo")
_OF_RUST = b"/rustc/"
"""Where the standard library's sources lay, as its messages name them."""
_ADDRESS = re.compile(rb"[\x48\x4c]\x8d[\x05\x0d\x15\x1d\x25\x2d\x35\x3d]")
"""`lea` of an address relative to the next instruction; four bytes with the distance follow."""
_TO_STACK = rb"\xc7(?:[\x00-\x7f].{1,2}|[\x80-\xbf].{4,5})"
_LENGTH = re.compile(rb"(?=(?:[\xb8-\xbf]|%s)([\x02-\xff])\0\0\0)" % _TO_STACK, re.DOTALL)
"""A small number that is put into a register or into memory."""
_BEFORE, _BEHIND = 32, 48
"""Bytes of code around the address in which its length is looked for."""
_NEAR = 96
"""The same for AArch64."""
_DATA = re.compile(r"\.(?:rodata|data|noptrdata|typelink|itablink)\b.*")
_RELOCATIONS = ".rela.dyn"
_OF_DATA = re.compile(r"\.[ls]?data|\.tdata|\.data\.rel\.ro(?:\.local)?|\.[ls]rodata|\.rodata\.(?!cst).*")
_TEXT = re.compile(rb"(?<![\t\n\x20-\x7e])[\t\n\x20-\x7e]{2,}+(?=\0)")
_MAX_LENGTH = 300


def constants_of(elf: Elf, others: Iterable[bytes] = ()) -> bytes:
    """Return the section of constants; behind it further strings, as the ends of longer ones, a NUL around each."""
    constants = elf.section(".rodata") or b""
    further = tuple(others)
    return b"\0".join((constants, *further, b"")) if further else constants


def texts_in_data(elf: Elf) -> Iterator[bytes]:
    """Yield the texts in sections of data, as of `static char name[] = "git";`."""
    for section in elf.sections:
        if _OF_DATA.fullmatch(section.name):
            yield from _TEXT.findall(elf.content[section.offset : section.offset + section.size + 1])


def _has_packed_strings(elf: Elf) -> bool:
    return any(section.name in _OF_GO for section in elf.sections) or _OF_RUST in (elf.section(".rodata") or b"")


def _in_code_of_x86_64(elf: Elf, block: ElfSection) -> Iterator[tuple[int, int]]:
    """Yield place in the block, and a length that may be meant, of each address in the code."""
    section = next((one for one in elf.sections if one.name == ".text"), None)
    if section is None:
        return
    code = elf.bytes_of(section)
    for found in _ADDRESS.finditer(code, 0, max(0, len(code) - 4)):
        end = found.end() + 4
        (distance,) = struct.unpack_from("<i", code, found.end())
        place = section.address + end + distance - block.address
        if 0 <= place < block.size:
            for length in _LENGTH.finditer(code[max(0, found.start() - _BEFORE) : end + _BEHIND]):
                yield place, length[1][0]


def _in_code_of_aarch64(elf: Elf, block: ElfSection) -> Iterator[tuple[int, int]]:
    """Yield the same for AArch64: the length is a number that an instruction near the address puts into a register."""
    section = next((one for one in elf.sections if one.name == ".text"), None)
    if section is None:
        return
    code = elf.bytes_of(section)
    lengths = list(aarch64.small_numbers(code, _MAX_LENGTH))
    begins = [place for place, _ in lengths]
    for held in aarch64.addresses(code, section.address, range(block.address, block.address + block.size)):
        place = held.address - block.address
        if not held.loads:
            first, last = bisect_left(begins, held.place - _NEAR), bisect_left(begins, held.place + _NEAR)
            yield from ((place, length) for _, length in lengths[first:last])


_IN_CODE: dict[int, Callable[[Elf, ElfSection], Iterable[tuple[int, int]]]] = {
    X86_64: _in_code_of_x86_64,
    AARCH64: _in_code_of_aarch64,
}


def packed_strings(elf: Elf) -> set[bytes]:
    """Return the strings of two bytes to 300 that a program of Go or Rust has in its section of constants.

    Code or data tell the length of each.
    """
    block = next((section for section in elf.sections if section.name == ".rodata"), None)
    if block is None or not elf.is_wide or elf.order != "<" or not _has_packed_strings(elf):
        return set()
    in_code = _IN_CODE.get(elf.machine)
    places = chain(_in_data(elf, block), in_code(elf, block) if in_code else ())
    constants = elf.bytes_of(block)
    return {constants[place : place + length] for place, length in places if 2 <= length <= _MAX_LENGTH}


def _in_data(elf: Elf, block: ElfSection) -> Iterator[tuple[int, int]]:
    """Yield place in the block and length of each pair of an address and a number."""
    for section in elf.sections:
        if _DATA.fullmatch(section.name):
            words = _words(elf, section)
            for number, word in enumerate(words[:-1]):
                if 0 <= word - block.address < block.size:
                    yield word - block.address, words[number + 1]
        elif section.name == _RELOCATIONS:
            words = _words(elf, section)
            for number in range(0, len(words) - 2, 3):
                if 0 <= words[number + 2] - block.address < block.size and (length := elf.at(words[number] + 8, 8)):
                    yield words[number + 2] - block.address, int.from_bytes(length, "little")


def _words(elf: Elf, section: ElfSection) -> "array[int]":
    return array("Q", elf.content[section.offset : section.offset + section.size // 8 * 8])
