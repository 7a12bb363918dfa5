"""Versions of Alpine and others: `1.2.3a_rc1_p2~0123abc-r4` (apk-package(5), "pkgver"), as apk compares them.

The first number is compared as a number; a later one that starts with a zero is compared as text, as decimals are.
What follows where a version stops being one (`1.2.-r3`, `1.2-3`) makes it higher than all that goes on rightly there,
an unknown suffix (`_foo`) lower.
"""

import re
from typing import Any

from gate.ecosystems.version_orders import SortKey, VersionOrder
from gate.ecosystems.version_orders.numbers import number

_SUFFIXES = {"alpha": -4, "beta": -3, "pre": -2, "rc": -1, "cvs": 1, "svn": 2, "git": 3, "hg": 4, "p": 5}
"""Order of the suffixes; 0 is their absence."""
_NAMES = "|".join(_SUFFIXES)
_VERSION = re.compile(
    rf"(?P<first>[0-9]++)(?P<numbers>(?:\.[0-9]++)*+)(?P<letter>[a-z])?(?P<suffixes>(?:_(?:{_NAMES})[0-9]*+)*+)"
    r"(?:~(?P<commit>[0-9a-f]++))?(?:-r(?P<revision>[0-9]++))?(?P<rest>.*+)",
    re.DOTALL,
)
_SUFFIX = re.compile(rf"_({_NAMES})([0-9]*)")
_UNKNOWN_SUFFIX = re.compile(r"_[a-z]")
_NO_SUFFIX = (0,)
_ABOVE_LETTERS = "~"


def sort_key(version: str) -> SortKey:
    """Return the sort key of a version."""
    found = _VERSION.fullmatch(version)
    if found is None:
        return (0, version)
    revision, rest = found["revision"], _rest(found["rest"])
    is_cut = rest > 0 and not revision
    is_cut_at_numbers = is_cut and not (found["letter"] or found["suffixes"] or found["commit"])
    return (
        1,
        (number(found["first"]), *map(_decimal, found["numbers"].split(".")[1:])),
        _ABOVE_LETTERS if is_cut_at_numbers else found["letter"] or "",
        (*map(_suffix, _SUFFIX.findall(found["suffixes"])), _NO_SUFFIX),
        found["commit"] or "",
        _revision(revision, is_cut=is_cut),
        (rest, found["rest"]),
    )


def _revision(digits: str | None, *, is_cut: bool) -> tuple[Any, ...]:
    """Return the sort key of a revision; a version that is cut short is above all of them."""
    if is_cut:
        return (2,)
    return (1, number(digits)) if digits else (0,)


def _decimal(digits: str) -> tuple[Any, ...]:
    return (0, digits) if digits.startswith("0") else (1, number(digits))


def _rest(text: str) -> int:
    return -1 if _UNKNOWN_SUFFIX.match(text) else bool(text)


def _suffix(suffix: tuple[str, str]) -> tuple[Any, ...]:
    name, digits = suffix
    return (_SUFFIXES[name], number(digits)) if digits else (_SUFFIXES[name],)


ORDER = VersionOrder(sort_key=sort_key)
