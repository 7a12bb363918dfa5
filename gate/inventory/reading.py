"""The packages of all lockfiles of a tree, for the dependencies stage and for SBOMs."""

from collections.abc import Iterable

import msgspec

from gate.inventory.discovery import Discovery
from gate.inventory.lockfile import Include, Locked
from gate.model import Package, StageError


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """The packages of all lockfiles, and what could not be read."""

    packages: tuple[Package, ...]
    imprecise: tuple[str, ...]
    """Packages without an exact version; see `Locked`."""
    includes: tuple[Include, ...] = ()
    unread: tuple[str, ...] = ()
    """Manifests, or lines of them, that are not in their format; see `Locked`."""
    errors: tuple[StageError, ...]
    """One for each lockfile that is broken or of a format without a reader, under its path."""


def reading_of(discovery: Discovery, outcomes: Iterable[tuple[str, Locked | StageError]]) -> Reading:
    """Join the outcomes of reading each of `discovery.paths`."""
    read, errors = [], []
    for path, outcome in outcomes:
        if isinstance(outcome, StageError):
            errors.append(msgspec.structs.replace(outcome, path=outcome.path or path))
        else:
            read.append(outcome)
    return Reading(
        packages=_distinct(package for locked in read for package in locked.packages),
        imprecise=tuple(sorted({words for locked in read for words in locked.imprecise})),
        includes=tuple(dict.fromkeys(include for locked in read for include in locked.includes)),
        unread=tuple(sorted({words for locked in read for words in locked.unread})),
        errors=(*errors, *map(_not_read_yet, discovery.not_read_yet)),
    )


def _not_read_yet(path: str) -> StageError:
    return StageError(
        title="this format of lockfile cannot be read yet",
        message="Its packages were not judged; list it under `ignore` of the dependencies stage if that is accepted",
        path=path,
    )


def _distinct(packages: Iterable[Package]) -> tuple[Package, ...]:
    """Remove duplicates, which come from two lockfiles that include the same file; a direct one is kept first."""
    kept: dict[tuple[str, int | None, str, str, str], Package] = {}
    for package in packages:
        key = (package.path, package.line, package.ecosystem, package.name, package.version)
        if key not in kept or (package.direct and not kept[key].direct):
            kept[key] = package
    return tuple(kept.values())
