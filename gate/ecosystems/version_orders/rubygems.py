"""RubyGems' versions: numbers and words, a word makes a pre-release (Gem::Version)."""

import re
from itertools import groupby
from typing import Any

from gate.ecosystems.version_orders import SortKey, VersionOrder
from gate.ecosystems.version_orders.numbers import ZERO, number

_VERSION = re.compile(r"\s*+(?:[0-9]++(?:\.[0-9a-zA-Z]++)*+(?:-[0-9A-Za-z-]++(?:\.[0-9A-Za-z-]++)*+)?)?\s*+")
_SEGMENT = re.compile(r"[0-9]+|[a-zA-Z]+")
_WORD, _NUMBER = range(2)
_LOWER, _END, _HIGHER = range(-1, 2)
"""What comes after zeros: a word, which is lower than the zeros that fill up the other version, nothing, a number."""

_Segment = tuple[int, Any]
_ZERO: _Segment = (_NUMBER, ZERO)


def sort_key(version: str) -> SortKey:
    """Return the sort key of a version."""
    if not _VERSION.fullmatch(version):
        return (0, version)
    segments = [_segment(text) for text in _SEGMENT.findall(version.replace("-", ".pre."))]
    first_word = next((place for place, segment in enumerate(segments) if segment[0] == _WORD), len(segments))
    return (1, *_filled_up([*_without_zeros(segments[:first_word]), *_without_zeros(segments[first_word:])]))


def _segment(text: str) -> _Segment:
    return (_NUMBER, number(text)) if text[0].isdigit() else (_WORD, text)


def _without_zeros(segments: list[_Segment]) -> list[_Segment]:
    while segments and segments[-1] == _ZERO:
        segments.pop()
    return segments


def _filled_up(segments: list[_Segment]) -> list[tuple[Any, ...]]:
    """Return the key's parts such that the end compares as endless zeros would.

    A run of zeros becomes one part, which says what follows it and after how many of them.
    """
    key: list[tuple[Any, ...]] = []
    place = 0
    for is_zeros, run in groupby(segments, lambda segment: segment == _ZERO):
        members = list(run)
        place += len(members)
        if is_zeros:
            sign = _LOWER if segments[place][0] == _WORD else _HIGHER
            key.append((*_ZERO, sign, -sign * len(members)))
        else:
            key += members
    return [*key, (*_ZERO, _END, 0)]


ORDER = VersionOrder(sort_key=sort_key, marks_unknown=True)
