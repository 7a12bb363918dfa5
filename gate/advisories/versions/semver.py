"""Semantic versions (semver.org, sections 9 to 11) as npm, crates.io and Go write them.

Accepted beyond the letter: a leading `v` or `=`, missing minor and patch numbers, more than three numbers, and a
pre-release without its hyphen. Build metadata, Go's `+incompatible` among it, does not count. Go's pseudo-versions
(`v0.0.0-20210101000000-abcdef123456`) are pre-releases and need nothing of their own.
"""

import re
from typing import Any

from gate.advisories.versions.numbers import ZERO, Number, number

_VERSION = re.compile(
    r"[\s=v]*+(?P<numbers>[0-9]++(?:\.[0-9]++)*+)(?:-(?P<pre>[0-9A-Za-z.-]++)|(?P<loose>[A-Za-z][0-9A-Za-z.-]*+))?"
    r"(?:\+[^\s]*+)?\s*+",
    re.ASCII,
)
_RELEASE = (1,)


def sort_key(version: str) -> tuple[Any, ...]:
    """Return the sort key of a version."""
    found = _VERSION.fullmatch(version)
    if found is None:
        return (0, version)
    pre = found["pre"] or found["loose"]
    return (1, _numbers(found["numbers"]), (0, *map(_identifier, pre.split("."))) if pre else _RELEASE)


def _numbers(text: str) -> tuple[Number, ...]:
    numbers = [number(part) for part in text.split(".")]
    while numbers and numbers[-1] == ZERO:
        numbers.pop()
    return tuple(numbers)


def _identifier(text: str) -> tuple[Any, ...]:
    return (0, number(text)) if text.isascii() and text.isdigit() else (1, text)
