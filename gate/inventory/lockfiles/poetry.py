"""`poetry.lock`, lock versions 1.x and 2.x. The direct packages are in the `pyproject.toml` of its folder."""

from typing import Any

import msgspec

from gate.ecosystems.pypi import normalised
from gate.inventory.commits import commit_of
from gate.inventory.entries import LockEntry, locked
from gate.inventory.lockfile import Locked, LockfilePlace, package_block_lines, read_toml, unparsable
from gate.inventory.lockfiles.pyproject import direct_names
from gate.model import Scope
from gate.trees import FileTree

_KNOWN_VERSIONS = ("0.", "1.", "2.")


class _Source(msgspec.Struct, frozen=True):
    type: str = "legacy"
    url: str | None = None
    resolved_reference: str | None = None
    """The commit, of a package from git."""


class _Package(msgspec.Struct, frozen=True):
    name: str
    version: str
    category: str | None = None
    """Before Poetry 1.5."""
    groups: list[str] = []
    """Since Poetry 2.0."""
    optional: bool = False
    source: _Source = _Source()
    dependencies: dict[str, Any] = {}

    @property
    def is_local(self) -> bool:
        return self.source.type in ("directory", "file")

    @property
    def scope(self) -> Scope:
        groups = self.groups or ([self.category] if self.category else [])
        if groups and "main" not in groups:
            return Scope.DEVELOPMENT
        return Scope.OPTIONAL if self.optional else Scope.RUNTIME


class _Metadata(msgspec.Struct, frozen=True, rename="kebab"):
    lock_version: str = "0.0"


class _Lock(msgspec.Struct, frozen=True):
    package: list[_Package] = []
    metadata: _Metadata | None = None
    extras: dict[str, Any] = {}


def read(tree: FileTree, path: str) -> Locked:
    """Read a poetry.lock. Packages from a folder or file of the repository have no advisories and are left out."""
    lock, text = read_toml(tree, path, _Lock)
    if lock.metadata is None:
        raise unparsable(path, "it has no [metadata] as Poetry writes it")
    if not lock.metadata.lock_version.startswith(_KNOWN_VERSIONS):
        raise unparsable(path, f"its lock-version {lock.metadata.lock_version[:20]!r} is not known")
    direct = direct_names(tree, path.rpartition("/")[0])
    lines = package_block_lines(text, len(lock.package))
    entries = [
        LockEntry(
            name=normalised(package.name),
            version=package.version,
            line=line,
            scope=package.scope,
            registry=package.source.url,
            commit=commit_of(package.source.url or "", package.source.resolved_reference),
        )
        for package, line in zip(lock.package, lines, strict=True)
        if not package.is_local
    ]
    needs = {normalised(package.name): list(map(normalised, package.dependencies)) for package in lock.package}
    return locked(LockfilePlace("PyPI", path), entries, direct, needs)
