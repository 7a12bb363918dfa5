"""The functions in a Rust program, by the mangled names in its table of symbols (legacy, and v0 of RFC 2603).

A function that the compiler put into its callers has no name, so that one that is absent may be there all the same.
"""

import re
from collections.abc import Iterator

from gate.inventory.installed.elf import MAGIC, parse_elf

_TABLES = (".strtab", ".dynstr")
_MANGLED = re.compile(rb"(?:_ZN[^\0]*17h[0-9a-f]{16}E|_R[NIMXYC][^\0]*)(?=[\0.])")
_NUMBER = re.compile(rb"\d+")
_NOT_LENGTHS = (b"s", b"B", b"L", b"K")
_ESCAPES = re.compile(r"\$[\w.]*\$|\.\.")
_WORD = re.compile(r"[A-Za-z_]\w*")


def functions_of(content: bytes, path: str) -> frozenset[tuple[str, ...]]:
    """Return the names of each function of a program, from the crate on, without what generic ones are made for.

    Empty for a program without symbols. Raises UnreadableError for a broken one.
    """
    if not content.startswith(MAGIC):
        return frozenset()
    elf = parse_elf(content, path)
    tables = filter(None, map(elf.section, _TABLES))
    return frozenset(names for table in tables for found in _MANGLED.finditer(table) if (names := _names(found[0])))


def has_function(functions: frozenset[tuple[str, ...]], symbol: str) -> bool:
    """True if a program has a function, `smallvec::SmallVec::grow`: its last name, with crate and type among the others.

    Modules do not count, as advisories write functions by the path by which they are offered.
    """
    *outer, name = symbol.split("::")
    wanted = {part for part in outer if part[:1].isupper()} | set(outer[:1])
    return any(name == names[-1] and wanted.issubset(names[:-1]) for names in functions)


def _names(mangled: bytes) -> tuple[str, ...]:
    parts = list(_identifiers(mangled))
    if mangled.startswith(b"_ZN"):
        parts = parts[:-1]  # the hash
    names = [word for part in parts for word in _WORD.findall(_ESCAPES.sub(" ", part))]
    while names and names[-1] == "closure":
        names.pop()
    return tuple(names)


def _identifiers(mangled: bytes) -> Iterator[str]:
    """Yield what stands behind its own length; letters between are the structure of the name."""
    is_legacy = mangled.startswith(b"_ZN")
    place = 2
    while (found := _NUMBER.search(mangled, place)) is not None:
        # In v0 `s1_` and `B2_` have digits that are no length: base 62, ended by an underscore.
        if not is_legacy and mangled[found.start() - 1 : found.start()] in _NOT_LENGTHS:
            place = mangled.find(b"_", found.start()) + 1 or len(mangled)
            continue
        start = found.end() + (not is_legacy and mangled.startswith(b"_", found.end()))
        place = start + int(found[0])
        yield mangled[start:place].decode("utf-8", "replace")
