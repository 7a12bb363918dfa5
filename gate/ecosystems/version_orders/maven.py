"""Maven's versions (pom reference, "Version Order Specification"): numbers and qualifiers, dots and hyphens."""

import re
from collections.abc import Iterator
from typing import Any

from gate.ecosystems.version_orders import SortKey, VersionOrder
from gate.ecosystems.version_orders.numbers import ZERO, number

_TOKEN = re.compile(r"(?P<separator>[.-]?)(?:(?P<digits>[0-9]+)|(?P<qualifier>[^0-9.-]+)(?P<is_numbered>(?=[0-9]))?|)")
_RANKS = {"alpha": 1, "beta": 2, "milestone": 3, "rc": 4, "cr": 4, "snapshot": 5, "sp": 7}
_RELEASE, _UNKNOWN = 6, 8
_RELEASES = ("ga", "final", "release")
_LETTERS = {"a": "alpha", "b": "beta", "m": "milestone"}
"""What a single letter stands for if a number follows it at once."""
_QUALIFIER, _HYPHEN, _DOT = range(3)
"""A qualifier is lower than a number behind a hyphen, and that is lower than one behind a dot."""

_Token = tuple[Any, ...]
_END: _Token = (_QUALIFIER, _RELEASE)


def sort_key(version: str) -> SortKey:
    """Return the sort key of a version. Zeros at the end, before a qualifier or before a hyphen do not count."""
    tokens: list[_Token] = [_END]
    for token in reversed(list(_tokens(version.strip().lower()))):
        if token[1] != ZERO or tokens[-1][0] == _DOT:
            tokens.append(token)
    return tuple(reversed(tokens))


def _tokens(version: str) -> Iterator[_Token]:
    """Yield numbers and qualifiers; where digits and letters meet, there is a hyphen in between."""
    is_after_letters = False
    for found in _TOKEN.finditer(version):
        if found["qualifier"] is None:
            is_behind_hyphen = found["separator"] == "-" or is_after_letters
            yield (_HYPHEN if is_behind_hyphen else _DOT, number(found["digits"] or ""))
        elif found["qualifier"] not in _RELEASES:
            yield _qualifier(found["qualifier"], is_numbered=found["is_numbered"] is not None)
        is_after_letters = found["is_numbered"] is not None


def _qualifier(word: str, *, is_numbered: bool) -> _Token:
    word = _LETTERS.get(word, word) if is_numbered else word
    rank = _RANKS.get(word, _UNKNOWN)
    return (_QUALIFIER, rank, word) if rank == _UNKNOWN else (_QUALIFIER, rank)


ORDER = VersionOrder(sort_key=sort_key)
