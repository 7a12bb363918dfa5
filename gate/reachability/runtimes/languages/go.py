"""The functions in a Go program: the linker removes those that nothing calls, and lists the names of the rest.

The table of functions (runtime/symtab.go, ".gopclntab") is in stripped programs too, and names inlined functions. Names
are stored as CRC-32 numbers. Two names may have the same number, about once in tens of thousands of look-ups: then a
function seems present, but none ever seems absent.
"""

import re
import struct
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial
from urllib.parse import unquote

from gate.core.errors import GateError, LimitError
from gate.inventory.installed.elf import MAGIC, Elf, parse_elf
from gate.trees import FileTree
from gate.trees.memo import Analysis, analysed

_SECTIONS = (".gopclntab", ".data.rel.ro.gopclntab", "__gopclntab")
_WORDS_BEFORE = {0xFFFFFFF1: 3, 0xFFFFFFF0: 3, 0xFFFFFFFA: 2}
"""By the table's magic number (Go 1.20, 1.18, 1.16): machine words before the offset of the names."""
_OLD_MARK = 0xFFFFFFFB
"""The magic number of Go 1.2, where names are among the functions."""
_OLD_NAME = re.compile(rb"[^\0-\x20\x7f\"]{2,1000}(?=\0)")
_TYPES = re.compile(r"\[.*\]", re.DOTALL)
"""What a generic function or type is made for, with texts and brackets of any kind in it."""
_RUNTIME = "runtime"
MAX_NAMES = 2_000_000
_RECEIVER = re.compile(r"\(\*?([^()]*)\)")


class Functions:
    """The functions of one program."""

    def __init__(self, numbers: bytes) -> None:
        """Take what `numbers_of` returned."""
        self._numbers = array("I", numbers)

    def has(self, name: str) -> bool:
        """True if `name` is in the program: `golang.org/x/net/http2.Server.ServeConn`, or a package's path alone."""
        number = _number(name)
        place = bisect_left(self._numbers, number)
        return place < len(self._numbers) and self._numbers[place] == number


def numbers_of(content: bytes, path: str) -> bytes | None:
    """Return the names of a program's functions as sorted 32-bit numbers; None if it has no table of them.

    A table without Go's own runtime holds names that were changed after linking, and says nothing.
    Raises UnreadableError for a broken program, LimitError for too many functions.
    """
    if not content.startswith(MAGIC):
        return None
    names = _names(parse_elf(content, path))
    numbers: set[int] = set()
    for count, name in enumerate(names):
        if count >= MAX_NAMES:
            raise LimitError(f"has more than {MAX_NAMES:,} functions", path=path)
        numbers.update(map(_number, spellings(name.decode("utf-8", "replace"))))
    return array("I", sorted(numbers)).tobytes() if _number(_RUNTIME) in numbers else None


def functions_in(programs: Iterable[str], tree: FileTree) -> dict[str, bytes]:
    """Return, by path, the numbers of the functions in each of `programs` that has a table of them."""
    found: dict[str, bytes] = {}
    for path in programs:
        with suppress(GateError):  # it is treated as if it had no table
            numbers = analysed(tree, path, Analysis("functions", bytes, partial(_numbers_or_none, path)))
            if numbers:
                found[path] = numbers
    return found


def _numbers_or_none(path: str, content: bytes) -> bytes:
    return numbers_of(content, path) or b""


def spellings(linked: str) -> Iterator[str]:
    """Yield the package and the function or method of a linker's name, spelt as advisories spell them.

    `gopkg.in/yaml%2ev3.(*Node).Decode.func1` is in `gopkg.in/yaml.v3`, and a part of `Node.Decode`.
    """
    name = _RECEIVER.sub(r"\1", _TYPES.sub("", linked))
    folder, slash, last = name.rpartition("/")
    package, dot, symbol = last.partition(".")
    if dot:
        package = (folder + slash + unquote(package)).removeprefix("vendor/")
        yield package
        parts = symbol.removesuffix("-fm").split(".")
        yield f"{package}.{parts[0]}"
        if len(parts) > 1:
            yield f"{package}.{parts[0]}.{parts[1]}"


def _number(name: str) -> int:
    return zlib.crc32(name.encode("utf-8", "replace"))


def _names(elf: Elf) -> Iterator[bytes]:
    table = next(filter(None, map(elf.section, _SECTIONS)), b"")
    if len(table) < 8:
        return
    order = elf.order
    (mark,) = struct.unpack_from(order + "I", table)
    if mark == _OLD_MARK:
        yield from (found[0] for found in _OLD_NAME.finditer(table, 8) if b"." in found[0])
    elif mark in _WORDS_BEFORE:
        word = "Q" if table[7] == 8 else "I"
        size = struct.calcsize(word)
        if len(table) < 8 + (_WORDS_BEFORE[mark] + 2) * size:
            return
        start, end = struct.unpack_from(f"{order}2{word}", table, 8 + _WORDS_BEFORE[mark] * size)
        yield from (name for name in table[start:end].split(b"\0") if b"." in name)
