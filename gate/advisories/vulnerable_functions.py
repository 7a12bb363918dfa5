"""Which functions of a package an advisory is about, where the advisory itself does not say so.

The built-in table is `vulnerable_functions.txt`; a source of advisories may hold a newer one in the same format. A row
is `CVE ecosystem package ADDRESS module:function …`: the address is the fix from whose changes they are known.
"""

import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

import msgspec

from gate.core.errors import LimitError, UnreadableError
from gate.ecosystems import canonical_name

FUNCTIONS = "vulnerable_functions.txt"
MAX_SIZE = 32 << 20
"""Bytes of a table."""
_AS_OF = "as-of"
_BUILT_IN = Path(__file__).with_name(FUNCTIONS)
_ID = re.compile(r"[A-Za-z][A-Za-z0-9:._-]{2,99}")
_SYMBOL = re.compile(r"[^\s:]{1,300}:[^\s:]{0,300}")
_HINT = "Fetch the file again; rows are `CVE ecosystem package ADDRESS module:function …`, one is `as-of YYYY-MM-DD`"


class VulnerableFunctions(msgspec.Struct, frozen=True):
    """The functions that an advisory is about."""

    functions: tuple[str, ...]
    """`package.module:Class.method`, for npm `package:export` with `()` for what the package itself is.

    Nothing behind the colon means all of the module or package."""
    source: str
    """Address of the fix that changed them."""


class FunctionsTable(msgspec.Struct, frozen=True):
    """A table of vulnerable functions, and the day on which it was made (YYYY-MM-DD)."""

    as_of: str
    rows: dict[tuple[str, str, str], VulnerableFunctions]
    """By the advisory's id, the ecosystem and the package's canonical name."""

    def of(self, names: Iterable[str], ecosystem: str, package: str) -> VulnerableFunctions | None:
        """Return what is known of a vulnerability with these ids and aliases in a package; None if nothing is."""
        name = canonical_name(ecosystem, package)
        found = (self.rows.get((each, ecosystem, name)) for each in sorted(names))
        return next((each for each in found if each is not None), None)


def read_functions(path: str, shown: str) -> FunctionsTable:
    """Read a file of vulnerable functions; `shown` names it in errors. Raises UnreadableError and LimitError."""
    try:
        with Path(path).open("rb") as file:
            content = file.read(MAX_SIZE + 1)
    except OSError as error:
        raise UnreadableError(f"cannot be read ({error.strerror})", path=shown) from error
    return parse_functions(content, shown)


def parse_functions(content: bytes, shown: str) -> FunctionsTable:
    """Read a table; `shown` names it in errors.

    Raises LimitError for more than MAX_SIZE bytes, UnreadableError for a row that is none and a table without its day.
    """
    if len(content) > MAX_SIZE:
        raise LimitError(f"has more than {MAX_SIZE:,} bytes", path=shown)
    days: list[str] = []
    rows: dict[tuple[str, str, str], VulnerableFunctions] = {}
    for number, line in enumerate(content.decode("utf-8", "replace").split("\n"), 1):
        words = line.split()
        if not words or line.startswith("#"):
            continue
        if words[0] == _AS_OF and len(words) == 2 and _is_day(words[1]):
            days.append(words[1])
        elif _is_row(words):
            key = (words[0], words[1], canonical_name(words[1], words[2]))
            rows[key] = VulnerableFunctions(tuple(words[4:]), words[3])
        else:
            raise UnreadableError(f"cannot be parsed (line {number})", path=shown, hint=_HINT)
    if len(days) != 1:
        raise UnreadableError("does not state its day once", path=shown, hint=_HINT)
    return FunctionsTable(days[0], rows)


def _is_row(words: list[str]) -> bool:
    return (
        len(words) > 4
        and _ID.fullmatch(words[0]) is not None
        and words[3].startswith("https://")
        and all(map(_SYMBOL.fullmatch, words[4:]))
    )


def _is_day(word: str) -> bool:
    try:
        return len(word) == 10 and bool(date.fromisoformat(word))
    except ValueError:
        return False


@cache
def built_in_functions() -> FunctionsTable:
    """Return the table that comes with the gate."""
    return parse_functions(_BUILT_IN.read_bytes(), _BUILT_IN.name)


def newer_functions(path: str | None) -> FunctionsTable:
    """Return the newer of the built-in table and the source's at `path`. Raises UnreadableError and LimitError."""
    own = built_in_functions()
    theirs = read_functions(path, FUNCTIONS) if path else own
    return theirs if theirs.as_of > own.as_of else own
