"""From the entries of a lockfile to its packages: what is direct, what brings the others in, what has no version."""

from collections.abc import Collection, Iterable, Mapping

import msgspec

from gate.inventory.graph import paths_of
from gate.inventory.lockfile import Locked, Place
from gate.model import Scope


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What a lockfile or manifest says of one package."""

    name: str
    """As advisories spell it."""
    version: str | None
    """None if the file does not say which."""
    line: int | None = None
    scope: Scope = Scope.RUNTIME
    license: str | None = None


def locked(
    place: Place,
    entries: Iterable[Entry],
    direct: Collection[str] | None = None,
    needs: Mapping[str, Iterable[str]] | None = None,
) -> Locked:
    """Return the packages of `entries`, and as imprecise those without a version.

    `direct` are the names that the project asks for itself, None if nobody knows; `needs` are the edges between names.
    """
    given = list(entries)
    ways = paths_of(sorted(direct or ()), needs or {})
    return Locked(
        packages=tuple(
            place.package(
                entry.name,
                entry.version,
                entry.line,
                scope=entry.scope,
                direct=None if direct is None else entry.name in direct,
                via=ways.get(entry.name, ()),
                license=entry.license,
            )
            for entry in given
            if entry.version
        ),
        imprecise=tuple(f"{place.path}:{entry.line or 1}: {entry.name[:100]}" for entry in given if not entry.version),
    )


def merged(parts: Iterable[Locked]) -> Locked:
    """Return as one what several parts of a file say: its ecosystems, or its target frameworks."""
    given = list(parts)
    return Locked(
        packages=tuple(package for part in given for package in part.packages),
        imprecise=tuple(words for part in given for words in part.imprecise),
    )
