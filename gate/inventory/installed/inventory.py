"""All that is installed in a tree: every reader over every file that it wants, in one walk."""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Protocol, cast

import msgspec

from gate.errors import GateError, UnreadableError
from gate.inventory.installed import READERS, SYSTEM
from gate.inventory.installed.distribution import Distribution, identify
from gate.inventory.installed.unsupported import Unread
from gate.model import Package
from gate.trees import Entry, FileTree, Kind, resolve

_MAX_SIZE = 64 << 20
"""Bytes of one file that states packages; Debian's whole archive would be 60 MB."""
_IN_FOLDERS = ("METADATA", "PKG-INFO", "package.json")
"""Names of files that state packages inside a folder that may be reached by a link."""


class Reader(Protocol):
    """What a module of this folder has: see `gate.inventory.installed`."""

    def finder(self, tree: FileTree) -> Callable[[str], bool]: ...
    def read(self, content: bytes, path: str, distribution: Distribution | None) -> Iterator[Package]: ...


class Installed(msgspec.Struct, frozen=True, kw_only=True):
    """What is installed in a tree, and what of it could not be read."""

    packages: tuple[Package, ...]
    """By path, then name; the binary packages of one source package are one."""
    binaries: int
    """Binary packages of the distribution."""
    distribution: Distribution | None
    errors: tuple[GateError, ...]
    unread: tuple[str, ...]
    """Kinds of packages that nothing here can read, with their number."""


def read_installed(tree: FileTree, is_wanted: Callable[[str], bool] = lambda _: True) -> Installed:
    """Read every package database and package file in `tree`; what cannot be read is among the errors.

    What lies at a path that is not wanted is neither read nor missed.
    """
    distribution = identify(tree)
    files, unread = _find(tree, is_wanted)
    packages, errors = _read(tree, sorted(files), distribution)
    binaries = sum(package.purl.startswith(("pkg:deb/", "pkg:apk/")) for package in packages)
    databases = {path: name for path, name in sorted(files) if name in SYSTEM}
    is_damaged = any(error.path in databases for error in errors)
    doubts = _doubts(distribution, sorted(set(databases.values())), is_empty=not binaries and not is_damaged)
    return Installed(
        packages=_joined(packages),
        binaries=binaries,
        distribution=distribution,
        errors=(*unread.errors, *(doubt for doubt in doubts if is_wanted(doubt.path or "")), *errors),
        unread=tuple(unread.formats),
    )


def _read(
    tree: FileTree, files: list[tuple[str, str]], distribution: Distribution | None
) -> tuple[list[Package], list[GateError]]:
    packages: list[Package] = []
    errors: list[GateError] = []
    for path, name in files:
        if name in SYSTEM and (distribution is None or distribution.ecosystem is None):
            continue  # said by _doubts, once
        try:
            packages += _reader(name).read(tree.read(path, _MAX_SIZE), path, distribution)
        except GateError as error:
            errors.append(error)
    return packages, errors


def _reader(name: str) -> Reader:
    return cast(Reader, import_module(READERS[name]))


def _find(tree: FileTree, is_wanted: Callable[[str], bool]) -> tuple[set[tuple[str, str]], Unread]:
    """Return the files that state packages as (path, name of their reader)."""
    finders = [(name, _reader(name).finder(tree)) for name in READERS]
    found: set[tuple[str, str]] = set()
    unread = Unread()
    for entry in tree.walk():
        if is_wanted(entry.path):
            unread.note(entry.path)
        for path, real in _files_at(tree, entry):
            found.update((real, name) for name, wants in finders if wants(path) and is_wanted(real))
    return found, unread


def _files_at(tree: FileTree, entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield the files that an entry is or, as a link, leads to: path as written and path without links."""
    if entry.kind is Kind.FILE:
        yield entry.path, entry.path
    elif entry.kind is Kind.LINK:
        for path in (entry.path, *(f"{entry.path}/{name}" for name in _IN_FOLDERS)):
            target = resolve(tree, path)
            if target is not None and target.kind is Kind.FILE:
                yield path, target.path


def _doubts(distribution: Distribution | None, databases: list[str], *, is_empty: bool) -> Iterator[GateError]:
    """Yield an error if the distribution and its package database do not come together."""
    if distribution is None and databases:
        yield UnreadableError(
            "distribution cannot be identified",
            path="etc/os-release",
            hint=f"There is a {databases[0]} database but no os-release, so no advisory can be matched; "
            "keep that file in the image",
        )
    elif distribution is not None and databases and distribution.ecosystem is None:
        yield UnreadableError(
            f"there are no advisories for {distribution.name[:100]!r}",
            path="etc/os-release",
            hint="Its system packages were not judged: check them with another tool",
        )
    elif distribution is not None and distribution.ecosystem and is_empty:
        yield UnreadableError(
            f"package database of {distribution.name[:100]!r} is {'empty' if databases else 'missing'}",
            path="etc/os-release",
            hint="Nobody can say which packages are installed: keep var/lib/dpkg or lib/apk/db in the image",
        )


def _joined(packages: list[Package]) -> tuple[Package, ...]:
    """Make one of the binary packages that a file lists of one source package and version."""
    joined: dict[tuple[str, str, str, str], Package] = {}
    for package in packages:
        key = (package.path, package.ecosystem, package.name, package.version)
        known = joined.get(key)
        if known is None or (package.installed_as or "") < (known.installed_as or ""):
            joined[key] = package
    return tuple(joined[key] for key in sorted(joined))
