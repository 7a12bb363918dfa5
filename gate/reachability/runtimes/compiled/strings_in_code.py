"""Short strings that a compiler puts into code as numbers: `char name[] = "gzip"` becomes one `mov` (x86, AArch64).

A string of up to eight bytes is one number. Of a longer one the parts are numbers, or sixteen bytes of the section of
constants at once, and a part may overlap the one in front. Parts that stand near each other are joined in every way:
that makes strings which the program does not have, and hides none of up to four parts, the last of two bytes.
"""

import re
import struct
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from gate.core.errors import UnreadableError
from gate.core.literals import Patterns
from gate.inventory.installed.elf import AARCH64, I386, MAGIC, X86_64, Elf, ElfSection, parse_elf
from gate.reachability.runtimes.compiled import aarch64
from gate.reachability.runtimes.walk.files import Files
from gate.trees.memo import Analysis

_BLOCK = ".rodata"
_NO_BLOCK = ElfSection(_BLOCK, 0, 0, 0, is_writable=False)
_TEXT = rb"[\w./+ -]"
_TO_MEMORY = (1, 2, 3, 5, 6)
"""Bytes between the first byte of a `mov` to memory and its number."""
_FOUR = rb"(?:%s{4}|%s{3}\x00|%s{2}\x00\x00)" % (_TEXT, _TEXT, _TEXT)
_LOAD = rb"\x0f[\x10\x28\x6f][\x05\x0d\x15\x1d\x25\x2d\x35\x3d].{4}"
"""`movups`, `movaps`, `movdqa` or `movdqu` of sixteen bytes at a distance."""
_PARTS = Patterns(
    (rb"[\xb8-\xbf]" + _FOUR, rb"\xc7.{1,6}" + _FOUR, rb"\x66\xc7.{1,6}" + _TEXT + rb"{2}", _LOAD), longest=11
)
"""Four bytes to a register, of which two may be kept, or to memory; two to memory; sixteen to a register."""
_LOADS = re.compile(_LOAD, re.DOTALL)
_LOAD_SIZE = 7
_EIGHT = re.compile(rb"[\x48\x49][\xb8-\xbf](%s{4}.{4})" % _TEXT, re.DOTALL)
"""`mov` of eight bytes to a register."""
_BEFORE_EIGHT, _BEFORE_TWO = 6, 10
_WHOLE = re.compile(rb"(%s{2,})\x00*" % _TEXT)
_NUMBER = re.compile(rb"(%s+)\x00*" % _TEXT)
_LAST = re.compile(_TEXT + rb"{1,2}")
_BYTE = re.compile(rb"\xc6(?=(.{0,7}))", re.DOTALL)
"""`mov` of one byte to memory."""
_TWO = re.compile(rb"\x66\xc7(?=(.{0,8}))", re.DOTALL)
"""`mov` of two bytes to memory."""
_PUTS_TWO = re.compile(rb"\x66\xc7(?=(?:.{1,3}|.{5,6})..\Z)", re.DOTALL)
"""The same at the end of some code, behind the bytes of `_TO_MEMORY`."""
_TO_REGISTER = re.compile(rb"[\xb8-\xbf](?=(%s)\x00)" % _TEXT)
_AROUND = 64
"""Bytes of code between parts of one string at most, """
_AROUND_LAST = 32
"""and before and behind a last part of one or two bytes."""
_NEXT_TO = (-2, -1, 1, 2)
"""The next parts in the code, as the order of instructions is not that of the string."""
_MOST_PARTS = 3


class _Part(NamedTuple):
    place: int
    """Where its number ends."""
    text: bytes
    size: int
    """Bytes of the number."""

    @property
    def is_last(self) -> bool:
        """True if a NUL follows in the number."""
        return len(self.text) < self.size


_Parts = tuple[list[_Part], list[Iterable[bytes]]]
"""The parts, by their places, and for each the short ones near it, with which a string may end."""


def _parts_of_x86(code: bytes, base: int, block: int, constants: bytes) -> _Parts:
    parts = list(_parts(code, base - block, constants))
    return parts, [() if part.is_last else _last_parts(part.place, code) for part in parts]


def _parts_of_aarch64(code: bytes, base: int, block: int, constants: bytes) -> _Parts:
    """Return the numbers of text of two bytes or more, and loads of eight or sixteen; and the short ones near each."""
    parts: list[_Part] = []
    short: list[_Part] = []
    for number in aarch64.numbers(code):
        if whole := _NUMBER.fullmatch(number.content):
            part = _Part(number.place, whole[1], len(number.content) if len(whole[1]) > 2 else 2)
            parts += [part] if len(whole[1]) > 1 else []
            short += [part] if len(whole[1]) < 3 else []
    for held in aarch64.addresses(code, base, range(block, block + len(constants))):
        place = held.address - block
        if held.loads >= 8:
            parts += _part(held.place, constants[place : place + held.loads])
    parts.sort()
    places = [one.place for one in short]

    def near(part: _Part) -> set[bytes]:
        first = bisect_left(places, part.place - _AROUND_LAST)
        return {one.text for one in short[first : bisect_left(places, part.place + _AROUND_LAST)]}

    return parts, [() if part.is_last else near(part) for part in parts]


def _parts(code: bytes, distance: int, constants: bytes) -> Iterator[_Part]:
    """Yield the numbers and the loads of text, by their places."""
    for end in _PARTS.ends(code):
        if _LOADS.fullmatch(code, end - _LOAD_SIZE, end):
            place = distance + end + int.from_bytes(code[end - 4 : end], "little", signed=True)
            yield from _part(end, constants[place : place + 16] if place >= 0 else b"")
        eight = _EIGHT.match(code, max(0, end - _BEFORE_EIGHT), end + 4)
        yield from _part(end, eight[1] if eight and _WHOLE.fullmatch(eight[1]) else code[end - 4 : end])
        if code.endswith(b"\0\0", end - 2, end):  # the half of a register
            yield from _part(end, code[end - 4 : end - 2])
        elif _PUTS_TWO.search(code, max(0, end - _BEFORE_TWO), end):
            yield from _part(end, code[end - 2 : end])


def _part(place: int, content: bytes) -> Iterator[_Part]:
    if whole := _WHOLE.fullmatch(content):
        yield _Part(place, whole[1], len(content))


def _joined(
    number: int, parts: Sequence[_Part], last_parts: Sequence[Iterable[bytes]], followers: Sequence[Iterable[int]]
) -> set[bytes]:
    """Return a part with what stands near it behind it: a compiler takes the largest parts first.

    Only the last may overlap the one in front.
    """
    found: set[bytes] = set()
    todo = [(parts[number].text, number, 1)]
    while todo:
        begin, at, count = todo.pop()
        found.add(begin)
        for text in last_parts[at]:
            found.update(_behind(begin, text))
        for follower in followers[at] if count < _MOST_PARTS else ():
            one = parts[follower]
            found.update(_behind(begin, one.text))
            todo += [] if one.is_last else [(begin + one.text, follower, count + 1)]
    return found


def _followers(number: int, parts: Sequence[_Part]) -> Iterator[int]:
    """Yield the numbers of the parts near one that may follow it; behind two bytes only a last part does."""
    part = parts[number]
    for step in () if part.is_last or part.size <= 2 else _NEXT_TO:
        at = number + step
        if 0 <= at < len(parts) and abs(parts[at].place - part.place) <= _AROUND and parts[at].size <= part.size:
            yield at


def _last_parts(place: int, code: bytes) -> set[bytes]:
    """Return the numbers of one or two bytes of text near a place."""
    around = code[max(0, place - _AROUND_LAST) : place + _AROUND_LAST]
    found = {one[between : between + 1] for one in _BYTE.findall(around) for between in _TO_MEMORY}
    found |= {one[between : between + 2].rstrip(b"\0") for one in _TWO.findall(around) for between in _TO_MEMORY}
    return {*_TO_REGISTER.findall(around), *(text for text in found if _LAST.fullmatch(text))}


def _behind(begin: bytes, text: bytes) -> list[bytes]:
    """Return `begin` with `text` behind it, also where both have what it ends with."""
    if text[:1] not in begin:  # as of most: nothing of both is the same
        return [begin + text]
    sizes = range(min(len(begin), len(text)))
    return [begin + text[size:] for size in sizes if begin.endswith(text[:size])]


_PARTS_OF: dict[int, Callable[[bytes, int, int, bytes], _Parts]] = {
    I386: _parts_of_x86,
    X86_64: _parts_of_x86,
    AARCH64: _parts_of_aarch64,
}
PROCESSORS = frozenset(_PARTS_OF)
"""The processors (`e_machine`) of which code is read."""


def stated_in_code(path: str, files: Files) -> tuple[bytes, ...]:
    """Return the strings that numbers in the code of a file may make; of what is no ELF file, none."""
    analysis = Analysis("strings in code", tuple[bytes, ...], _sorted)
    path = files.real(path)

    def find() -> tuple[bytes, ...]:
        return files.analysed(path, analysis) if files.starts_with(path, MAGIC) else ()

    return files.cached((stated_in_code, path), find)


def _sorted(content: bytes) -> tuple[bytes, ...]:
    try:
        return tuple(sorted(strings_in_code(parse_elf(content, ""))))
    except (UnreadableError, struct.error):  # said where the file is followed
        return ()


def strings_in_code(elf: Elf) -> set[bytes]:
    """Return the strings that numbers in code may make, of two bytes or more."""
    block = next((one for one in elf.sections if one.name == _BLOCK), None) or _NO_BLOCK
    constants = elf.bytes_of(block)
    found: set[bytes] = set()
    parts_of = _PARTS_OF.get(elf.machine)
    for section in elf.sections if parts_of else ():
        if parts_of and section.name.startswith(".text"):
            code = elf.bytes_of(section)
            parts, last_parts = parts_of(code, section.address, block.address, constants)
            followers = [tuple(_followers(number, parts)) for number in range(len(parts))]
            for number, part in enumerate(parts):
                found.update({part.text} if part.is_last else _joined(number, parts, last_parts, followers))
    return found
