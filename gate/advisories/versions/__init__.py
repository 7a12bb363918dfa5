"""The order of versions, one file an ordering: a version becomes a sort key once, and no version is refused.

What an ordering cannot understand is lower than everything it can, so that such a version counts as old:
an advisory for "all versions before 2.0" concerns it.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from gate.advisories.versions import apk, debian, pypi, rpm, semver
from gate.errors import UnreadableError

SortKey = tuple[Any, ...]
"""Keys of one ordering compare with one another, and with nothing else."""

ORDERS: dict[str, Callable[[str], SortKey]] = {
    "PyPI": pypi.sort_key,
    "npm": semver.sort_key,
    "crates.io": semver.sort_key,
    "Go": semver.sort_key,
    "Debian": debian.sort_key,
    "Ubuntu": debian.sort_key,
    "Alpine": apk.sort_key,
    "Wolfi": apk.sort_key,
    "Chainguard": apk.sort_key,
    "AlmaLinux": rpm.sort_key,
    "Rocky Linux": rpm.sort_key,
    "Red Hat": rpm.sort_key,
}
"""Ecosystem (OSV's name without release) to the function that makes its sort keys."""

BEFORE_ALL: SortKey = ()
"""OSV's `introduced: "0"`: lower than every version of every ordering."""


def base_of(ecosystem: str) -> str:
    """Return an ecosystem's name without its release: `Debian` for `Debian:12`."""
    return ecosystem.partition(":")[0]


@lru_cache(maxsize=1 << 17)
def sort_key(base: str, version: str) -> SortKey:
    """Return the sort key of `version`. Raises UnreadableError if nobody wrote an order for the ecosystem `base`."""
    try:
        order = ORDERS[base]
    except KeyError as error:
        raise UnreadableError(f"no version order is known for the ecosystem {base}") from error
    return order(version)


def compare(ecosystem: str, first: str, second: str) -> int:
    """Return -1, 0 or 1 as `first` is lower than, equal to or higher than `second` in `ecosystem`."""
    base = base_of(ecosystem)
    one, other = sort_key(base, first), sort_key(base, second)
    return (one > other) - (one < other)
