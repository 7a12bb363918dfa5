"""All that is installed in a tree: every reader over every file that it wants, in one walk."""

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Protocol, cast

import msgspec

from gate.core.errors import GateError, UnreadableError
from gate.ecosystems import find
from gate.inventory.installed import PROGRAMS, READERS, SYSTEM
from gate.inventory.installed.distribution import Distribution, identify
from gate.inventory.installed.npm_scopes import with_scopes
from gate.inventory.installed.packages import Finder, Nameless
from gate.inventory.installed.unsupported import UnsupportedPackages
from gate.model import Package
from gate.trees import MAX_FILE_SIZE, Entry, EntryKind, FileTree, resolve
from gate.trees.memo import Analysis, analysed

_MAX_SIZE = 64 << 20
"""Bytes of one file that states packages; Debian's whole archive would be 60 MB."""
_LARGE = frozenset({"rpm", "Java"}) | PROGRAMS
"""Formats whose files hold more than statements, and may be as large as a tree reads at all."""
_IN_FOLDERS = ("METADATA", "PKG-INFO", "package.json")
"""Names of files that state packages inside a folder that may be reached by a link."""


class InstalledReader(Protocol):
    """What a module of this folder has: see `gate.inventory.installed`."""

    def finder(self, tree: FileTree) -> Finder: ...
    def read(self, content: bytes, path: str, distribution: Distribution | None) -> Iterator[Package | Nameless]: ...


class _File(msgspec.Struct, frozen=True, order=True):
    """A file that states packages, and the format in which it does."""

    path: str
    format: str


class _Stated(msgspec.Struct, array_like=True):
    """What one file states."""

    packages: list[Package] = []
    nameless: list[Nameless] = []

    def take(self, found: Iterable[Package | Nameless]) -> None:
        for one in found:
            if isinstance(one, Package):
                self.packages.append(one)
            else:
                self.nameless.append(one)


class _Reading(msgspec.Struct):
    """What reading some files gave."""

    packages: list[Package] = []
    nameless: list[Nameless] = []
    errors: list[GateError] = []

    def take(self, stated: _Stated) -> None:
        self.packages.extend(stated.packages)
        self.nameless.extend(stated.nameless)


class Installed(msgspec.Struct, frozen=True, kw_only=True):
    """What is installed in a tree, and what of it could not be read."""

    packages: tuple[Package, ...]
    """By path, then name; the binary packages of one source package are one."""
    binaries: int
    """Binary packages of the distribution."""
    owned: int
    """Package files of languages that belong to a package of the distribution, and are judged as that.

    Programs do not count: all of a distribution's do.
    """
    distribution: Distribution | None
    errors: tuple[GateError, ...]
    has_database: bool = False
    """True if there is a package database of a distribution."""
    unread: tuple[str, ...]
    """Kinds of things that do not say which package they are, with their number."""


def read_installed(tree: FileTree, is_wanted: Callable[[str], bool] = lambda _: True) -> Installed:
    """Read every package database and package file in `tree`; what cannot be read is among the errors.

    What lies at a path that is not wanted is neither read nor missed.
    """
    distribution = identify(tree)
    files, unread = _find(tree, is_wanted)
    databases = [file for file in files if file.format in SYSTEM]
    system = _read(tree, databases, distribution)
    others = [file for file in files if file.format not in SYSTEM]
    owned = _owned(tree, others, system)
    is_judged = distribution is not None and distribution.ecosystem is not None
    left_out = owned if is_judged else frozenset()
    language = _read(tree, [file for file in others if file.path not in left_out], distribution)
    language.packages = list(with_scopes(language.packages, tree))
    for nameless in language.nameless:
        unread.count(nameless)
    doubts = _doubts(distribution, databases, is_empty=not system.packages and not system.errors)
    return Installed(
        packages=_joined([*system.packages, *_without_twins(language.packages, owned)]),
        binaries=len(system.packages),
        owned=sum(file.path in left_out for file in others if file.format not in PROGRAMS),
        distribution=distribution,
        errors=(
            *unread.errors,
            *(doubt for doubt in doubts if is_wanted(doubt.path or "")),
            *system.errors,
            *language.errors,
        ),
        has_database=bool(databases),
        unread=tuple(unread.formats),
    )


def _read(tree: FileTree, files: list[_File], distribution: Distribution | None) -> _Reading:
    reading = _Reading()
    for file in files:
        if file.format in SYSTEM and distribution is None:
            continue  # said by _doubts, once
        reading.take(_stated(tree, file, distribution, reading.errors))
    return reading


def _stated(tree: FileTree, file: _File, distribution: Distribution | None, errors: list[GateError]) -> _Stated:
    """Return what a file states, up to what cannot be read."""
    stated = _Stated()

    def tell(content: bytes) -> _Stated:
        stated.take(reader_of(file.format).read(content, file.path, distribution))
        return stated

    analysis = Analysis("packages", _Stated, tell, (file.format, repr(distribution)))
    limit = MAX_FILE_SIZE if file.format in _LARGE else _MAX_SIZE
    try:
        return analysed(tree, file.path, analysis, limit)
    except GateError as error:
        errors.append(error)
        return stated


def _owned(tree: FileTree, files: list[_File], system: _Reading) -> frozenset[str]:
    """Return the paths of files that belong to a package of the distribution, which is judged in their place."""
    from gate.inventory.installed.ownership import owned_files

    installed = frozenset(name for package in system.packages for name in _names(package))
    try:
        programs = frozenset(file.path for file in files if file.format in PROGRAMS)
        paths = frozenset(file.path for file in files)
        return owned_files(tree, installed, paths, programs) if installed else frozenset()
    except GateError as error:
        system.errors.append(error)
        return frozenset()


def _names(package: Package) -> tuple[str, ...]:
    return tuple(binary.name for binary in package.binaries) or (package.name,)


def reader_of(name: str) -> InstalledReader:
    """Return the reader of a format (key of `READERS`)."""
    return cast(InstalledReader, import_module(READERS[name]))


def _find(tree: FileTree, is_wanted: Callable[[str], bool]) -> tuple[list[_File], UnsupportedPackages]:
    """Return the files that state packages, by their paths without links."""
    finders = [(name, reader_of(name).finder(tree)) for name in READERS]
    found: set[_File] = set()
    unread = UnsupportedPackages()
    for entry in tree.walk():
        if is_wanted(entry.path):
            unread.note(entry)
        for path, real in _files_at(tree, entry):
            for name, wants in finders:
                if wants(path, real) and is_wanted(real.path):
                    found.add(_File(real.path, name))
    return sorted(found), unread


def _files_at(tree: FileTree, entry: Entry) -> Iterator[tuple[str, Entry]]:
    """Yield the files that an entry is or, as a link, leads to: path as written and entry without links."""
    if entry.kind is EntryKind.FILE:
        yield entry.path, entry
        return
    target = resolve(tree, entry.path) if entry.kind is EntryKind.LINK else None
    if target is None:
        return
    if target.kind is EntryKind.FILE:
        yield entry.path, target
        return
    for name in _IN_FOLDERS:
        inside = resolve(tree, f"{target.path}/{name}")
        if inside is not None and inside.kind is EntryKind.FILE:
            yield f"{entry.path}/{name}", inside


def _doubts(distribution: Distribution | None, databases: list[_File], *, is_empty: bool) -> Iterator[GateError]:
    """Yield an error if the distribution and its package database do not come together."""
    if distribution is None and databases:
        yield UnreadableError(
            "distribution cannot be identified",
            path="etc/os-release",
            hint=f"There is a {databases[0].format} database but no os-release, so no advisory can be matched; "
            "keep that file in the image",
        )
    elif distribution is not None and is_empty and (distribution.ecosystem or databases):
        yield UnreadableError(
            f"package database of {distribution.name[:100]!r} is {'empty' if databases else 'missing'}",
            path="etc/os-release",
            hint="It is unknown which packages are installed: keep var/lib/dpkg, lib/apk/db or the rpm database"
            " in the image",
        )


def _without_twins(packages: list[Package], owned: frozenset[str]) -> Iterator[Package]:
    """Yield packages without the programs that nothing judges and that a package of the distribution owns.

    Other packages in `owned` stay where the distribution's are not judged: their own advisories are all there is.
    """
    for package in packages:
        known = find(package.ecosystem)
        if package.path not in owned or known is None or known.has_advisories:
            yield package


def _joined(packages: list[Package]) -> tuple[Package, ...]:
    """Make one of the binary packages that a file lists of one source package and version."""
    groups: dict[tuple[str, str, str, str], list[Package]] = {}
    for package in packages:
        groups.setdefault((package.path, package.ecosystem, package.name, package.version), []).append(package)
    return tuple(_one_of(groups[key]) for key in sorted(groups))


def _one_of(builds: list[Package]) -> Package:
    first = min(builds, key=lambda one: one.installed_as or "")
    if len(builds) == 1:
        return first
    binaries = {binary.purl: binary for build in builds for binary in build.binaries}
    return msgspec.structs.replace(first, binaries=tuple(sorted(binaries.values(), key=lambda one: one.name)))
