"""Alpine's versions: `1.2.3a_rc1_p2-r4` (apk-package(5)). Numbers are compared as numbers, leading zeros or not."""

import re
from typing import Any

from gate.advisories.versions.numbers import number

_VERSION = re.compile(
    r"(?P<numbers>[0-9]++(?:\.[0-9]++)*+)(?P<letter>[a-z])?(?P<suffixes>(?:_[a-z]++[0-9]*+)*+)"
    r"(?:~[0-9a-f]++)?(?:-r(?P<revision>[0-9]++))?"
)
_SUFFIX = re.compile(r"_([a-z]+)([0-9]*)")
_WEIGHTS = {"alpha": -4, "beta": -3, "pre": -2, "rc": -1, "cvs": 1, "svn": 2, "git": 3, "hg": 4, "p": 5}
"""Order of the suffixes; 0 is their absence."""


def sort_key(version: str) -> tuple[Any, ...]:
    """Return the sort key of a version."""
    found = _VERSION.fullmatch(version)
    suffixes = _SUFFIX.findall(found["suffixes"]) if found else []
    if found is None or any(name not in _WEIGHTS for name, _ in suffixes):
        return (0, version)
    numbers = tuple(map(number, found["numbers"].split(".")))
    weights = tuple((_WEIGHTS[name], number(digits)) for name, digits in suffixes)
    return (1, numbers, found["letter"] or "", (*weights, (0,)), number(found["revision"] or ""))
