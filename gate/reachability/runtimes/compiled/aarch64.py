"""What instructions of AArch64 hold: addresses in two parts, and numbers (Arm Architecture Reference Manual, C6.2).

An address is a page (`adrp`), to which a second instruction adds a distance (`add`, or the load itself), or one
instruction (`adr`). A number is `movz` with `movk` for each further half word, or a pattern of bits (`orr` with the
register of zero).
"""

import re
from array import array
from collections.abc import Iterator
from typing import NamedTuple

PAGE = 4096
_SIZE = 4
"""Bytes of an instruction."""
_ZERO = 31
_ADDRESSES = re.compile(rb"[\x10\x30\x50\x70\x90\xb0\xd0\xf0\x91\x39\x79\xb9\xf9\x3d\x7d\xbd\xfd]")
"""The highest bytes of `adr`, `adrp`, `add` and loads with a distance."""
_PAGES, _ADDS = re.compile(rb"[\x90\xb0\xd0\xf0]"), re.compile(rb"\x91")
_NUMBERS = re.compile(rb"[\x52\xd2\x72\xf2]")
"""The highest bytes of `movz` and `movk`, for registers of 32 and 64 bits."""
_SMALL = re.compile(rb"[\x52\xd2\x32\xb2]")
"""And of `movz` and `orr`."""
_LONGEST_NUMBER = 16
"""Instructions between the halves of one number at most."""
_WIDEST_LOAD = 16
_FIRST_LETTER = 0x20


class HeldAddress(NamedTuple):
    """Where in the code an address is complete, in bytes, the address, and the bytes loaded from it (0: none)."""

    place: int
    address: int
    loads: int


class HeldNumber(NamedTuple):
    """Where in the code a number is complete, in bytes, and its bytes: four or eight, by the register."""

    place: int
    content: bytes


def _instructions(code: bytes) -> "array[int]":
    """Return the instructions of some code."""
    return array("I", code[: len(code) // _SIZE * _SIZE])


def _address_of(instruction: int, place: int) -> tuple[bool, int]:
    """Return whether an instruction is `adr`, not `adrp`, and its address, as it stands at the address `place`."""
    distance = ((instruction >> 5 & 0x7FFFF) << 2 | instruction >> 29 & 3) ^ 1 << 20
    distance -= 1 << 20
    is_near = instruction >> 31 == 0
    return is_near, place + distance if is_near else (place // PAGE + distance) * PAGE


def addresses(code: bytes, base: int, wanted: range) -> Iterator[HeldAddress]:
    """Yield the wanted addresses that code at the address `base` holds: of a page, that which its register had last."""
    words = _instructions(code)
    near = range(wanted.start - PAGE + 1, wanted.stop)
    pages: dict[int, int] = {}
    for number in _numbers_of(_ADDRESSES, code):
        word = words[number]
        if word & 0x1F000000 == 0x10000000:
            is_whole, address = _address_of(word, base + _SIZE * number)
            pages.pop(word & 31, None)
            if is_whole and address in wanted:
                yield HeldAddress(_SIZE * number, address, 0)
            elif address in near:
                pages[word & 31] = address
        elif pages and (page := pages.get(word >> 5 & 31)) is not None:
            size = _loaded(word)
            is_added = word & 0xFFC00000 == 0x91000000
            address = page + (word >> 10 & 4095) * (1 if is_added else size)
            if (is_added or size) and address in wanted:
                yield HeldAddress(_SIZE * number, address, 0 if is_added else size)


def pages(code: bytes, base: int) -> Iterator[tuple[int, int]]:
    """Yield the registers, and the pages that `adrp` gives them."""
    words = _instructions(code)
    for number in _numbers_of(_PAGES, code):
        yield words[number] & 31, _address_of(words[number], base + _SIZE * number)[1]


def added(code: bytes) -> Iterator[tuple[int, int]]:
    """Yield the registers, and what `add` adds to them."""
    words = _instructions(code)
    for number in _numbers_of(_ADDS, code):
        if words[number] & 0xFFC00000 == 0x91000000:
            yield words[number] >> 5 & 31, words[number] >> 10 & 4095


def _loaded(word: int) -> int:
    """Return how many bytes an instruction loads from a register and a distance; 0 for another instruction."""
    is_vector, operation = word >> 26 & 1, word >> 22 & 3
    if word >> 24 & 3 != 1 or not operation & 1:
        return 0
    return _WIDEST_LOAD if is_vector and operation == 3 else 1 << (word >> 30)


def numbers(code: bytes) -> list[HeldNumber]:
    """Return the numbers that `movz` begins with ASCII, by place; also those of which a half is replaced later."""
    words = _instructions(code)
    found: list[HeldNumber] = []
    pending: dict[int, tuple[int, dict[int, int], int]] = {}
    """By register: the number of the instruction, the halves, and the bytes of the register."""
    for number in _numbers_of(_NUMBERS, code):
        word = words[number]
        register, half, value = word & 31, word >> 21 & 3, word >> 5 & 0xFFFF
        if word & 0x7F800000 == 0x52800000:
            found += _complete(pending.pop(register, None))
            if half == 0 and value & 0x8080 == 0 and (value & 0xFF) >= _FIRST_LETTER:
                pending[register] = number, {half: value}, 8 if word >> 31 else 4
        elif word & 0x7F800000 == 0x72800000 and register in pending:
            last, halves, size = pending[register]
            if number - last > _LONGEST_NUMBER or half in halves:
                found += _complete(pending[register])
            pending[register] = number, halves | {half: value}, size
    for one in pending.values():
        found += _complete(one)
    return sorted(found)


def _complete(one: tuple[int, dict[int, int], int] | None) -> list[HeldNumber]:
    if one is None:
        return []
    number, halves, size = one
    content = b"".join(halves.get(half, 0).to_bytes(2, "little") for half in range(size // 2))
    return [HeldNumber(_SIZE * number, content)]


def small_numbers(code: bytes, most: int) -> Iterator[tuple[int, int]]:
    """Yield the places, in bytes, and values of numbers up to `most` that one instruction puts into a register."""
    words = _instructions(code)
    for number in _numbers_of(_SMALL, code):
        word = words[number]
        value = None
        if word & 0x7FE00000 == 0x52800000:
            value = word >> 5 & 0xFFFF
        elif word & 0x7F800000 == 0x32000000 and word >> 5 & 31 == _ZERO:
            value = _pattern(word)
        if value is not None and value <= most:
            yield _SIZE * number, value


def _pattern(word: int) -> int | None:
    """Return the number that an instruction with a pattern of bits means (`DecodeBitMasks`); None for none."""
    is_whole, turned, ones = word >> 22 & 1, word >> 16 & 63, word >> 10 & 63
    sizes = is_whole << 6 | ~ones & 63
    if sizes == 0:
        return None
    size = 1 << (sizes.bit_length() - 1)
    run = (1 << (ones & size - 1) + 1) - 1
    turned &= size - 1
    element = (run >> turned | run << size - turned) & (1 << size) - 1
    return sum(element << place for place in range(0, 64 if word >> 31 else 32, size))


def _numbers_of(kind: re.Pattern[bytes], code: bytes) -> Iterator[int]:
    """Yield the numbers of the instructions whose highest byte is of a kind."""
    return (found.start() for found in kind.finditer(code[_SIZE - 1 :: _SIZE]))
