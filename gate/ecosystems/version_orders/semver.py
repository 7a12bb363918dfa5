"""Semantic versions (semver.org, sections 9 to 11) as npm, crates.io, Go, Hex and others write them.

Accepted beyond the letter: a leading `v` or `=`, Go's own `go1.22.1`, missing minor and patch numbers, more than three
numbers, and a pre-release without its hyphen. Build metadata, Go's `+incompatible` among it, does not count; where a
package manager lets it count (pub, Julia), `semver_with_build` does. Go's pseudo-versions
(`v0.0.0-20210101000000-abcdef123456`) are pre-releases and need nothing of their own.
"""

import re
from typing import Any

from gate.ecosystems.version_orders import SortKey, VersionOrder
from gate.ecosystems.version_orders.numbers import ZERO, Number, number

VERSION = re.compile(
    r"[\s=vV]*+(?:go)?(?P<numbers>[0-9]++(?:\.[0-9]++)*+)[.-]?(?P<pre>[^+\s]*+)(?:\+(?P<build>\S*+))?\s*+", re.ASCII
)
_RELEASE = (1,)


def sort_key(version: str) -> SortKey:
    """Return the sort key of a version."""
    return key_of(VERSION.fullmatch(version), version)


def key_of(found: re.Match[str] | None, version: str) -> SortKey:
    """Return the sort key of a version from its match with `VERSION`; None: it is no version."""
    if found is None:
        return (0, version)
    pre = found["pre"]
    return (1, _numbers(found["numbers"]), (0, *identifiers(pre)) if pre else _RELEASE)


def _numbers(text: str) -> tuple[Number, ...]:
    numbers = [number(part) for part in text.split(".")]
    while numbers and numbers[-1] == ZERO:
        numbers.pop()
    return tuple(numbers)


def identifiers(text: str) -> tuple[tuple[Any, ...], ...]:
    """Return the sort keys of the dotted identifiers of a pre-release or of build metadata."""
    return tuple(map(_identifier, text.split(".")))


def _identifier(text: str) -> tuple[Any, ...]:
    return (0, number(text)) if text.isascii() and text.isdigit() else (1, text)


ORDER = VersionOrder(sort_key=sort_key, is_semantic=True, marks_unknown=True)
