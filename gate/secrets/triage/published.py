"""Published test vectors and sample keys, known by their content: RFCs, NIST, Wycheproof, and libraries' own tests.

`published.bin` holds sorted marks of WIDTH bytes; `benchmarks/secrets_published.py` writes it.
"""

import binascii
import re
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from pathlib import Path

from gate.core.lazy_regex import lazy_regex

PUBLISHED = "it is a test vector or a sample key that its authors published, and everyone has it"
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


_HEXADECIMAL = lazy_regex(r"(?:0[xX])?((?:[0-9A-Fa-f]{2}){16,128})", re.ASCII)
_BYTE = r"(?:0x[0-9A-Fa-f]{1,2}|-?[0-9]{1,3})"
_LISTED = lazy_regex(rf"\s*{_BYTE}(?:\s*,\s*{_BYTE}){{15,127}}\s*,?\s*", re.ASCII)
_NUMBER = lazy_regex(_BYTE, re.ASCII)
_BASE64 = lazy_regex(r"[A-Za-z0-9+/_-]{22,172}={0,2}", re.ASCII)


@cache
def _marks() -> frozenset[bytes]:
    table = TABLE.read_bytes()
    return frozenset(table[at : at + WIDTH] for at in range(0, len(table), WIDTH))


def is_published(value: str) -> bool:
    """True for a test vector or a sample key that its authors published, in whichever way its bytes are written."""
    if len(value) < SHORTEST or _HEADER.fullmatch(value):
        return False
    return any(mark_of(one) in _marks() for one in (value, *_spellings(value)))


def _spellings(value: str) -> Iterator[str]:
    """Yield the other ways to write the same bytes: hexadecimal in small letters and in capitals, and base64."""
    try:
        raw = _bytes_of(value)
    except (ValueError, binascii.Error):
        return
    if raw is not None:
        yield raw.hex()
        yield raw.hex().upper()
        for encoded in (b64encode(raw).decode(), urlsafe_b64encode(raw).decode()):
            yield encoded
            yield encoded.rstrip("=")


def _bytes_of(value: str) -> bytes | None:
    """Return what hexadecimal, a list of bytes or base64 means. Raises ValueError for numbers that are no bytes."""
    written = _HEXADECIMAL.fullmatch(value)
    if written is not None:
        return bytes.fromhex(written[1])
    if _LISTED.fullmatch(value):
        return bytes(int(one, 0) % 256 for one in _NUMBER.findall(value))
    if _BASE64.fullmatch(value):
        return urlsafe_b64decode(
            value.replace("+", "-").replace("/", "_").rstrip("=") + "=" * (-len(value.rstrip("=")) % 4)
        )
    return None
