"""From the entries of a lockfile to its packages: what is direct, what brings the others in, what has no version."""

from collections.abc import Collection, Iterable, Mapping

import msgspec

from gate.inventory.commits import Commit
from gate.inventory.dependency_role import Standing
from gate.inventory.graph import paths_of
from gate.inventory.listing import Listing
from gate.inventory.lockfile import Locked, LockfilePlace
from gate.model import Scope


class LockEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What a lockfile or manifest says of one package."""

    name: str
    """As advisories spell it."""
    version: str | None
    """None if the file does not say which."""
    line: int | None = None
    scope: Scope = Scope.RUNTIME
    license: str | None = None
    registry: str | None = None
    """Address that it is taken from."""
    commit: Commit | None = None
    """What it is built from, where that is a commit."""
    files: tuple[str, ...] = ()
    """Addresses of the files that it may be fetched from."""


def locked(
    place: LockfilePlace,
    entries: Iterable[LockEntry],
    direct: Collection[str] | None = None,
    needs: Mapping[str, Iterable[str]] | None = None,
) -> Locked:
    """Return the packages of `entries`, and as imprecise those without a version.

    `direct` are the names that the project asks for itself, None if nobody knows; `needs` are the edges between names.
    """
    ways = paths_of(sorted(direct or ()), needs or {})
    listing = Listing(place.ecosystem, place.path)
    for entry in entries:
        is_direct = None if direct is None else entry.name in direct
        standing = Standing(entry.scope, is_direct, ways.get(entry.name, ()))
        version = entry.version or None
        listing.add(
            entry.name,
            version,
            entry.line,
            standing,
            license=entry.license,
            registry=entry.registry,
            commit=entry.commit,
            files=entry.files,
        )
    return listing.locked


def merged(parts: Iterable[Locked]) -> Locked:
    """Return as one what several parts of a file say: its ecosystems, or its target frameworks."""
    given = list(parts)
    return Locked(
        packages=tuple(package for part in given for package in part.packages),
        imprecise=tuple(words for part in given for words in part.imprecise),
        includes=tuple(include for part in given for include in part.includes),
    )
