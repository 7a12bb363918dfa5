"""The functions in a Rust program, by the mangled names in its table of symbols (legacy, and v0 of RFC 2603).

In both a name stands behind its length: `8smallvec8SmallVec4grow`. A function that the compiler put into its callers
has no name, so that one that is absent may be there all the same.
"""

import re

from gate.inventory.installed.elf import MAGIC, parse_elf

_TABLES = (".strtab", ".dynstr")
_MANGLED = re.compile(rb"(?<=\0)(?:_ZN[^\0]*17h[0-9a-f]{16}E|_R[NIMXYC][^\0]*)")


def names_of(content: bytes, path: str) -> bytes:
    """Return the mangled names of a program's functions, divided by NUL; empty if it has none, or is no program.

    Raises UnreadableError for a broken program.
    """
    if not content.startswith(MAGIC):
        return b""
    elf = parse_elf(content, path)
    return b"\0".join(name for table in _TABLES for name in _MANGLED.findall(elf.section(table) or b""))


def has_function(names: bytes, symbol: str) -> bool:
    """True if a program has a function, `smallvec::SmallVec::grow`: a name with its crate, type and own name in order.

    Modules do not count, as advisories write functions by the path by which they are offered.
    """
    crate, *inner, name = symbol.encode().split(b"::")
    types = [part for part in inner if part[:1].isupper()]
    parts = [rb"(?:%s|\b%s\.\.)" % (_with_length(crate), re.escape(crate))]
    parts += [rb"(?:%s|(?:\d|\.\.)%s(?!\w))" % (_with_length(part), re.escape(part)) for part in types]
    return re.search(rb"[^\0]*".join((*parts, _with_length(name))), names) is not None


def _with_length(name: bytes) -> bytes:
    return rb"(?<!\d)%d%s" % (len(name), re.escape(name))
