"""Published test vectors and sample keys, known by their content: RFCs, NIST, Wycheproof, and libraries' own tests.

`published.bin` holds sorted marks of WIDTH bytes; `benchmarks/secrets_published.py` writes it.
"""

import re
from functools import cache
from hashlib import blake2b
from pathlib import Path

from gate.core.lazy_regex import lazy_regex

PUBLISHED = "it is a test vector or a sample key that its authors published, and everybody has it"
TABLE = Path(__file__).with_name("published.bin")
WIDTH = 6
"""Bytes of a mark: of a million values that were never published one in three thousand million passes for one."""
SHORTEST = 16
"""Characters of the shortest value that has a mark; shorter ones are words, which other rules know."""
_BETWEEN = lazy_regex(r"[^A-Za-z0-9+/=_]+", re.ASCII)

_HEADER = lazy_regex(r"PuTTY-User-Key-File.*|-----BEGIN[^+/=]{0,60}", re.ASCII)
"""Of a key of which a detector yields no more: all keys of a kind would be one."""


def mark_of(value: str) -> bytes:
    """Return the mark of a value, however its lines are broken and its bytes are parted."""
    return blake2b(_BETWEEN.sub("", value).encode(), digest_size=WIDTH).digest()


@cache
def _marks() -> frozenset[bytes]:
    table = TABLE.read_bytes()
    return frozenset(table[at : at + WIDTH] for at in range(0, len(table), WIDTH))


def is_published(value: str) -> bool:
    """True for a test vector or a sample key that its authors published."""
    is_header = _HEADER.fullmatch(value) is not None
    return len(value) >= SHORTEST and not is_header and mark_of(value) in _marks()
