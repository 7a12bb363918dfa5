"""Turns the entries of a lockfile into packages with their dependency roles; those without a version are imprecise."""

from collections.abc import Collection, Iterable, Mapping

import msgspec

from gate.inventory.commits import Commit
from gate.inventory.dependency_role import DependencyRole
from gate.inventory.graph import paths_of
from gate.inventory.listing import Listing
from gate.inventory.lockfile import Locked, LockfilePlace
from gate.model import Scope


class LockEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One package as a lockfile or manifest states it."""

    name: str
    """Spelled as in advisories."""
    version: str | None
    """None if the file does not state it."""
    line: int | None = None
    scope: Scope = Scope.RUNTIME
    license: str | None = None
    registry: str | None = None
    """URL that it is fetched from."""
    commit: Commit | None = None
    """The commit that it is built from, if it is built from one."""
    files: tuple[str, ...] = ()
    """URLs of the files that it may be fetched from."""


def locked(
    place: LockfilePlace,
    entries: Iterable[LockEntry],
    direct: Collection[str] | None = None,
    needs: Mapping[str, Iterable[str]] | None = None,
) -> Locked:
    """Return the packages of `entries`, and as imprecise those without a version.

    `direct` are the names that the project itself requires, None if unknown; `needs` are the edges, name to names.
    """
    ways = paths_of(sorted(direct or ()), needs or {})
    listing = Listing(place.ecosystem, place.path)
    for entry in entries:
        is_direct = None if direct is None else entry.name in direct
        role = DependencyRole(entry.scope, is_direct, ways.get(entry.name, ()))
        version = entry.version or None
        listing.add(
            entry.name,
            version,
            entry.line,
            role,
            license=entry.license,
            registry=entry.registry,
            commit=entry.commit,
            files=entry.files,
        )
    return listing.locked


def merged(parts: Iterable[Locked]) -> Locked:
    """Join the answers for several parts of one file, such as ecosystems or target frameworks."""
    given = list(parts)
    return Locked(
        packages=tuple(package for part in given for package in part.packages),
        imprecise=tuple(words for part in given for words in part.imprecise),
        includes=tuple(include for part in given for include in part.includes),
        unread=tuple(words for part in given for words in part.unread),
    )
