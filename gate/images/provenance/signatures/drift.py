"""What an attested bill of materials and the image itself do not agree on."""

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from gate.core.text import counted
from gate.images.provenance.base import PackageName

_SHOWN = 5
"""Names that a message lists of each kind."""


class Drift(msgspec.Struct, frozen=True, kw_only=True):
    """Names of packages, sorted."""

    not_listed: tuple[str, ...] = ()
    not_there: tuple[str, ...] = ()
    other_version: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.not_listed or self.not_there or self.other_version)

    def __str__(self) -> str:
        kinds = {
            "not listed": self.not_listed,
            "listed and not there": self.not_there,
            "there in another version": self.other_version,
        }
        return "; ".join(
            f"{counted(len(names), 'package')} {kind}: {_some(names)}" for kind, names in kinds.items() if names
        )


def drift_of(there: Iterable[PackageName], listed: Iterable[PackageName]) -> Drift:
    """Compare what is in an image with what is said of it. A version that both have is no drift."""
    inside, said = _versions(there), _versions(listed)
    return Drift(
        not_listed=_names(inside.keys() - said.keys()),
        not_there=_names(said.keys() - inside.keys()),
        other_version=_names(key for key in inside.keys() & said.keys() if inside[key] != said[key]),
    )


_Key = tuple[str, str]
"""Ecosystem and name."""


def _versions(packages: Iterable[PackageName]) -> dict[_Key, set[str]]:
    found: dict[_Key, set[str]] = defaultdict(set)
    for one in packages:
        found[one.ecosystem, one.name].add(one.version)
    return found


def _names(keys: Iterable[_Key]) -> tuple[str, ...]:
    return tuple(f"{name} ({ecosystem})" for ecosystem, name in sorted(keys))


def _some(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
