"""What the instructions of a method in .NET name (ECMA-335, part III)."""

import re
from collections.abc import Iterator

from gate.core.errors import UnreadableError

_WITHOUT = (
    rb"[\x00-\x0d\x14-\x1e\x25\x26\x2a\x46-\x6e\x76-\x78\x7a\x82-\x8b\x8e\x90-\xa2\xb3-\xba\xc3\xd1-\xdc\xdf\xe0]"
    rb"|\xfe[\x00-\x05\x0f\x11\x13\x14\x17\x18\x1a\x1d\x1e]"
)
_WITH_NUMBERS = (
    rb"[\x0e-\x13\x1f\x2b-\x37\xde].|[\x20\x22\x38-\x44\xdd].{4}|[\x21\x23].{8}|\xfe[\x09-\x0e]..|\xfe[\x12\x19]."
)
_WITH_TOKEN = rb"[\x27-\x29\x6f-\x75\x79\x7b-\x81\x8c\x8d\x8f\xa3-\xa5\xc2\xc6\xd0]|\xfe[\x06\x07\x15\x16\x1c]"
_NEXT = re.compile(
    rb"(?:%b|%b)*+(?:(?P<by>%b)(?P<token>.{4})|\x45(?P<cases>.{4})|\Z)" % (_WITHOUT, _WITH_NUMBERS, _WITH_TOKEN),
    re.DOTALL,
)
"""Instructions without names, then one with a token, a `switch`, or the end."""


def tokens(code: bytes, path: str) -> Iterator[tuple[int, int]]:
    """Yield table and row of each token in a method's instructions. Raises UnreadableError for what is none."""
    place = 0
    while place < len(code):
        found = _NEXT.match(code, place)
        if found is None:
            raise UnreadableError("has a method whose instructions are not known", path=path)
        place = found.end()
        if found["token"] is not None:
            number = int.from_bytes(found["token"], "little")
            yield number >> 24, number & 0xFFFFFF
        elif found["cases"] is not None:
            place += 4 * int.from_bytes(found["cases"], "little")
