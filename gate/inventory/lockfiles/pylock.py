"""`pylock.toml` and `pylock.NAME.toml`: the lockfile of PEP 751, version 1."""

import re

import msgspec

from gate.ecosystems.pypi import normalised
from gate.inventory.commits import commit_of
from gate.inventory.entries import LockEntry, locked
from gate.inventory.lockfile import Locked, LockfilePlace, package_block_lines, read_toml, unparsable
from gate.inventory.lockfiles.pyproject import direct_names
from gate.model import Scope
from gate.trees import FileTree

_IN_A_GROUP = re.compile(r"""["']([^"']*)["']\s+in\s+(dependency_groups|extras)\b""")


class _Needed(msgspec.Struct, frozen=True):
    name: str


class _Source(msgspec.Struct, frozen=True, rename="kebab"):
    type: str = ""
    url: str = ""
    commit_id: str | None = None


class _File(msgspec.Struct, frozen=True):
    url: str = ""
    name: str = ""
    """Where it differs from the last part of the address."""

    @property
    def address(self) -> str:
        return self.url or self.name


class _Package(msgspec.Struct, frozen=True):
    name: str
    version: str | None = None
    marker: str = ""
    archive: _File = _File()
    sdist: _File = _File()
    wheels: list[_File] = []
    index: str | None = None
    dependencies: list[_Needed] = []
    vcs: _Source = _Source()
    directory: dict[str, object] | None = None

    @property
    def files(self) -> tuple[str, ...]:
        """The addresses that it is fetched from."""
        return tuple(filter(None, (one.address for one in (self.archive, self.sdist, *self.wheels))))


class _Lock(msgspec.Struct, frozen=True, rename="kebab"):
    lock_version: str
    packages: list[_Package]
    default_groups: list[str] = []


def read(tree: FileTree, path: str) -> Locked:
    """Read a lockfile of PEP 751. Packages from a folder of the repository have no advisories and are left out."""
    lock, text = read_toml(tree, path, _Lock)
    if lock.lock_version.partition(".")[0] != "1":
        raise unparsable(path, f"its lock-version {lock.lock_version[:20]!r} is not known")
    direct = direct_names(tree, path.rpartition("/")[0])
    needs: dict[str, list[str]] = {}
    for package in lock.packages:
        needs[normalised(package.name)] = [normalised(needed.name) for needed in package.dependencies]
    lines = package_block_lines(text, len(lock.packages), "packages")
    entries = [
        LockEntry(
            name=normalised(package.name),
            version=package.version,
            line=line,
            scope=_scope(package.marker, lock.default_groups),
            registry=package.index,
            commit=commit_of(package.vcs.url, package.vcs.commit_id) if package.vcs.type == "git" else None,
            files=package.files,
        )
        for package, line in zip(lock.packages, lines, strict=True)
        if package.directory is None
    ]
    return locked(LockfilePlace("PyPI", path), entries, direct, needs)


def _scope(marker: str, default_groups: list[str]) -> Scope:
    """Return the scope by the groups and extras that a package's marker asks for."""
    named = _IN_A_GROUP.findall(marker)
    if not named or any(kind == "dependency_groups" and name in default_groups for name, kind in named):
        return Scope.RUNTIME
    return Scope.OPTIONAL if any(kind == "extras" for _, kind in named) else Scope.DEVELOPMENT
