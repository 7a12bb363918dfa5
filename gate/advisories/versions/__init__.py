"""The order of versions, one file an ordering: a version becomes a sort key once, and no version is refused.

What an ordering cannot understand is lower than everything it can, so that such a version counts as old:
an advisory for "all versions before 2.0" concerns it.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from gate.advisories.versions import (
    apk,
    conan,
    debian,
    dotted,
    maven,
    nuget,
    packagist,
    pypi,
    rpm,
    rubygems,
    semver,
)
from gate.core.errors import UnreadableError

SortKey = tuple[Any, ...]
"""Keys of one ordering compare with one another, and with nothing else."""

_OF_ORDERS: dict[Callable[[str], SortKey], tuple[str, ...]] = {
    apk.sort_key: (
        "Alpaquita",
        "Alpine",
        "BellSoft Hardened Containers",
        "Chainguard",
        "CleanStart",
        "MinimOS",
        "Wolfi",
    ),
    conan.sort_key: ("ConanCenter",),
    debian.sort_key: ("Debian", "Echo", "Ubuntu", "opam"),
    dotted.sort_key: ("Bioconductor", "CRAN", "GHC", "Hackage"),
    maven.sort_key: ("Maven",),
    nuget.sort_key: ("NuGet",),
    packagist.sort_key: ("Packagist",),
    pypi.sort_key: ("PyPI",),
    rpm.sort_key: (
        "AlmaLinux",
        "Azure Linux",
        "Mageia",
        "Photon OS",
        "Red Hat",
        "Rocky Linux",
        "SUSE",
        "openEuler",
        "openSUSE",
    ),
    rubygems.sort_key: ("RubyGems",),
    semver.bitnami: ("Bitnami",),
    semver.sort_key: (
        "GitHub Actions",
        "Go",
        "Hex",
        "Kubernetes",
        "Linux",
        "SwiftURL",
        "VSCode",
        "crates.io",
        "npm",
    ),
    semver.sort_key_with_build: ("Julia", "Pub"),
}
ORDERS: dict[str, Callable[[str], SortKey]] = {
    ecosystem: order for order, ecosystems in _OF_ORDERS.items() for ecosystem in ecosystems
}
"""Ecosystem (OSV's name without release) to the function that makes its sort keys."""

_REBUILDERS = frozenset({"Echo", "Root"})
"""They rebuild the packages of other ecosystems, which their own name is followed by."""
SEMANTIC = frozenset(
    ecosystem
    for order in (conan.sort_key, semver.bitnami, semver.sort_key, semver.sort_key_with_build)
    for ecosystem in _OF_ORDERS[order]
)
"""Ecosystems whose own order is that of semantic versions, or refines it."""

_MARKED = frozenset({dotted.sort_key, pypi.sort_key, rubygems.sort_key, semver.sort_key, semver.sort_key_with_build})
"""Orders whose keys begin with 0 for what they cannot understand, and with 1 for all else."""

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


def is_understood(base: str, version: str) -> bool:
    """True unless the order of the ecosystem `base` says that `version` is none."""
    return ORDERS.get(base) not in _MARKED or sort_key(base, version)[0] != 0


def compare(ecosystem: str, first: str, second: str) -> int:
    """Return -1, 0 or 1 as `first` is lower than, equal to or higher than `second` in `ecosystem`."""
    base = _orderer_of(ecosystem)
    one, other = sort_key(base, first), sort_key(base, second)
    return (one > other) - (one < other)


def _orderer_of(ecosystem: str) -> str:
    """Return the ecosystem by whose rules the versions of `ecosystem` are ordered: npm for `Root:npm`."""
    base, _, rest = ecosystem.partition(":")
    rebuilt = base_of(rest)
    return rebuilt if base in _REBUILDERS and rebuilt in ORDERS else base
