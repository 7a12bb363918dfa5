"""`uv.lock`, version 1, and a script's `NAME.py.lock`.

The project and its workspace members are packages of it, with what they ask for; a script asks in the manifest.
"""

import msgspec

from gate.ecosystems.pypi import normalised
from gate.inventory.commits import commit_in
from gate.inventory.entries import LockEntry, locked
from gate.inventory.graph import scopes_of
from gate.inventory.lockfile import Locked, LockfilePlace, package_block_lines, read_toml, unparsable
from gate.model import Scope
from gate.trees import FileTree


class _Source(msgspec.Struct, frozen=True):
    registry: str | None = None
    virtual: str | None = None
    editable: str | None = None
    directory: str | None = None
    path: str | None = None
    git: str = ""
    """Address with the commit behind `#`."""
    url: str = ""
    """Of a file that is asked for by its address."""

    @property
    def is_project(self) -> bool:
        return self.virtual is not None or self.editable is not None

    @property
    def is_local(self) -> bool:
        return self.is_project or self.directory is not None or self.path is not None


class _Dependency(msgspec.Struct, frozen=True):
    name: str
    extra: list[str] = []


class _File(msgspec.Struct, frozen=True):
    url: str = ""


class _Package(msgspec.Struct, frozen=True, rename="kebab"):
    name: str
    version: str | None = None
    source: _Source = _Source()
    sdist: _File = _File()
    wheels: list[_File] = []
    dependencies: list[_Dependency] = []
    optional_dependencies: dict[str, list[_Dependency]] = {}
    dev_dependencies: dict[str, list[_Dependency]] = {}

    @property
    def files(self) -> tuple[str, ...]:
        """The addresses that it is fetched from."""
        return tuple(filter(None, (self.source.url, self.sdist.url, *(wheel.url for wheel in self.wheels))))

    def names(self, scope: Scope) -> set[str]:
        """Return the names of what it asks for in `scope`."""
        groups = {
            Scope.RUNTIME: [self.dependencies],
            Scope.OPTIONAL: list(self.optional_dependencies.values()),
            Scope.DEVELOPMENT: list(self.dev_dependencies.values()),
        }[scope]
        return {dependency.name for group in groups for dependency in group}


class _Manifest(msgspec.Struct, frozen=True, rename="kebab"):
    requirements: list[_Dependency] = []
    dependency_groups: dict[str, list[_Dependency]] = {}


class _Lock(msgspec.Struct, frozen=True):
    version: int
    package: list[_Package] = []
    manifest: _Manifest = _Manifest()

    def roots(self) -> dict[Scope, set[str]]:
        """Return the names of what the project itself asks for, by scope."""
        projects = [package for package in self.package if package.source.is_project]
        roots: dict[Scope, set[str]] = {}
        for scope in Scope:
            roots[scope] = {name for project in projects for name in project.names(scope)}
        roots[Scope.RUNTIME] |= {asked.name for asked in self.manifest.requirements}
        groups = self.manifest.dependency_groups.values()
        roots[Scope.DEVELOPMENT] |= {asked.name for group in groups for asked in group}
        return roots


def read(tree: FileTree, path: str) -> Locked:
    """Read a uv.lock. Packages of the repository itself have no advisories and are left out."""
    lock, text = read_toml(tree, path, _Lock)
    if lock.version != 1:
        raise unparsable(path, f"its version {lock.version} is not known")
    roots, needs = lock.roots(), _needs(lock)
    scopes = scopes_of(roots, needs)
    lines = package_block_lines(text, len(lock.package))
    entries = [
        LockEntry(
            name=normalised(package.name),
            version=package.version,
            line=line,
            scope=scopes.get(package.name, Scope.RUNTIME),
            registry=package.source.registry,
            commit=commit_in(f"git+{package.source.git}"),
            files=package.files,
        )
        for package, line in zip(lock.package, lines, strict=True)
        if not package.source.is_local
    ]
    return locked(LockfilePlace("PyPI", path), entries, set().union(*roots.values()) or None, needs)


def _needs(lock: _Lock) -> dict[str, list[str]]:
    """Return the edges; a package's extras count as needed, since the lock holds only those that are asked for."""
    needs: dict[str, set[str]] = {}
    for package in lock.package:
        edges = package.names(Scope.RUNTIME)
        if not package.source.is_project:
            edges |= package.names(Scope.OPTIONAL)
        needs.setdefault(package.name, set()).update(edges)
    return {name: sorted(edges) for name, edges in needs.items()}
