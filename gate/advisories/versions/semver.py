"""Semantic versions (semver.org, sections 9 to 11) as npm, crates.io, Go, Hex and others write them.

Accepted beyond the letter: a leading `v` or `=`, Go's own `go1.22.1`, missing minor and patch numbers, more than three
numbers, and a pre-release without its hyphen. Build metadata, Go's `+incompatible` among it, does not count; where a
package manager lets it count (pub, Julia), `sort_key_with_build` does. Go's pseudo-versions
(`v0.0.0-20210101000000-abcdef123456`) are pre-releases and need nothing of their own.
"""

import re
from typing import Any

from gate.advisories.versions.numbers import ZERO, Number, number

_VERSION = re.compile(
    r"[\s=vV]*+(?:go)?(?P<numbers>[0-9]++(?:\.[0-9]++)*+)[.-]?(?P<pre>[^+\s]*+)(?:\+(?P<build>\S*+))?\s*+", re.ASCII
)
_RELEASE = (1,)


def sort_key(version: str) -> tuple[Any, ...]:
    """Return the sort key of a version."""
    return _key(_VERSION.fullmatch(version), version)


def sort_key_with_build(version: str) -> tuple[Any, ...]:
    """Return the sort key of a version whose build metadata counts: 1.0.0 < 1.0.0+1 < 1.0.0+2."""
    found = _VERSION.fullmatch(version)
    build = found["build"] if found else None
    return (*_key(found, version), _identifiers(build) if build else ())


def bitnami(version: str) -> tuple[Any, ...]:
    """Return the sort key of a Bitnami version: a number behind the hyphen is a later revision, no pre-release."""
    upstream, _, revision = version.partition("-")
    if revision.removeprefix("r").isdecimal() and revision.isascii():
        return (*sort_key(upstream), number(revision.removeprefix("r")))
    return (*sort_key(version), ZERO)


def _key(found: re.Match[str] | None, version: str) -> tuple[Any, ...]:
    if found is None:
        return (0, version)
    pre = found["pre"]
    return (1, _numbers(found["numbers"]), (0, *_identifiers(pre)) if pre else _RELEASE)


def _numbers(text: str) -> tuple[Number, ...]:
    numbers = [number(part) for part in text.split(".")]
    while numbers and numbers[-1] == ZERO:
        numbers.pop()
    return tuple(numbers)


def _identifiers(text: str) -> tuple[tuple[Any, ...], ...]:
    return tuple(map(_identifier, text.split(".")))


def _identifier(text: str) -> tuple[Any, ...]:
    return (0, number(text)) if text.isascii() and text.isdigit() else (1, text)
