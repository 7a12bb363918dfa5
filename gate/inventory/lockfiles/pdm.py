"""`pdm.lock`, lock versions 3 and 4. Groups say what a package is for; what they mean stands in `pyproject.toml`."""

import msgspec

from gate.ecosystems.pypi import normalised
from gate.inventory.commits import commit_of
from gate.inventory.entries import LockEntry, locked
from gate.inventory.lockfile import Locked, LockfilePlace, package_block_lines, read_toml, unparsable
from gate.inventory.lockfiles.pyproject import PyProject, direct_names, read_project
from gate.inventory.lockfiles.requirements import name_and_pin
from gate.model import Scope
from gate.trees import FileTree

_KNOWN_VERSIONS = ("3", "4")
_ALWAYS = "default"


class _File(msgspec.Struct, frozen=True):
    url: str = ""
    file: str = ""

    @property
    def address(self) -> str:
        return self.url or self.file


class _Package(msgspec.Struct, frozen=True):
    name: str
    version: str | None = None
    groups: list[str] = []
    """Since lock version 4.3; absent where all is for one group."""
    dependencies: list[str] = []
    path: str | None = None
    git: str = ""
    revision: str | None = None
    """The commit, of a package from git."""
    url: str = ""
    """Of a file that is asked for by its address."""
    files: list[_File] = []

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses, or names, of the files that it is fetched as."""
        return tuple(filter(None, (self.url, *(one.address for one in self.files))))


class _Metadata(msgspec.Struct, frozen=True):
    lock_version: str


class _Lock(msgspec.Struct, frozen=True):
    metadata: _Metadata
    package: list[_Package] = []


def read(tree: FileTree, path: str) -> Locked:
    """Read a pdm.lock. Packages from a folder or file of the repository have no advisories and are left out."""
    lock, text = read_toml(tree, path, _Lock)
    if lock.metadata.lock_version.partition(".")[0] not in _KNOWN_VERSIONS:
        raise unparsable(path, f"its lock_version {lock.metadata.lock_version[:20]!r} is not known")
    folder = path.rpartition("/")[0]
    direct = direct_names(tree, folder)
    project = read_project(tree, folder) or PyProject()
    lines = package_block_lines(text, len(lock.package))
    entries = [
        LockEntry(
            name=normalised(package.name),
            version=package.version,
            line=line,
            scope=_scope(package, project),
            commit=commit_of(package.git, package.revision),
            files=package.addresses,
        )
        for package, line in zip(lock.package, lines, strict=True)
        if package.path is None
    ]
    return locked(LockfilePlace("PyPI", path), entries, direct, _needs(lock, path))


def _scope(package: _Package, project: PyProject) -> Scope:
    if not package.groups or _ALWAYS in package.groups:
        return Scope.RUNTIME
    optional = project.project.optional_dependencies
    return Scope.OPTIONAL if any(group in optional for group in package.groups) else Scope.DEVELOPMENT


def _needs(lock: _Lock, path: str) -> dict[str, list[str]]:
    """Return who needs whom; the entries of one package with several extras count together."""
    needs: dict[str, list[str]] = {}
    for package in lock.package:
        names = [name_and_pin(text, path, None)[0] for text in package.dependencies]
        needs.setdefault(normalised(package.name), []).extend(names)
    return needs
