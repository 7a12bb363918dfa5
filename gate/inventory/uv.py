"""`uv.lock`, version 1. The project and its workspace members are packages of it, with what they ask for."""

import msgspec

from gate.inventory.graph import scopes_of
from gate.inventory.lockfile import Locked, Place, normalised, package_block_lines, read_toml, unparsable
from gate.model import Scope
from gate.trees import FileTree

PATTERNS = ("uv.lock",)


class _Source(msgspec.Struct, frozen=True):
    virtual: str | None = None
    editable: str | None = None
    directory: str | None = None
    path: str | None = None

    @property
    def is_project(self) -> bool:
        return self.virtual is not None or self.editable is not None

    @property
    def is_local(self) -> bool:
        return self.is_project or self.directory is not None or self.path is not None


class _Dependency(msgspec.Struct, frozen=True):
    name: str
    extra: list[str] = []


class _Package(msgspec.Struct, frozen=True, rename="kebab"):
    name: str
    version: str | None = None
    source: _Source = _Source()
    dependencies: list[_Dependency] = []
    optional_dependencies: dict[str, list[_Dependency]] = {}
    dev_dependencies: dict[str, list[_Dependency]] = {}

    def names(self, scope: Scope) -> set[str]:
        """Return the names of what it asks for in `scope`."""
        groups = {
            Scope.RUNTIME: [self.dependencies],
            Scope.OPTIONAL: list(self.optional_dependencies.values()),
            Scope.DEVELOPMENT: list(self.dev_dependencies.values()),
        }[scope]
        return {dependency.name for group in groups for dependency in group}


class _Lock(msgspec.Struct, frozen=True):
    version: int
    package: list[_Package] = []


def read(tree: FileTree, path: str) -> Locked:
    """Read a uv.lock. Packages of the repository itself have no advisories and are left out."""
    lock, text = read_toml(tree, path, _Lock)
    if lock.version != 1:
        raise unparsable(path, f"its version {lock.version} is not known")
    roots = {
        scope: {name for package in lock.package if package.source.is_project for name in package.names(scope)}
        for scope in Scope
    }
    scopes = scopes_of(roots, _needs(lock))
    direct = set().union(*roots.values())
    place = Place("PyPI", path)
    lines = package_block_lines(text, len(lock.package))
    named = [(package, line) for package, line in zip(lock.package, lines, strict=True) if not package.source.is_local]
    return Locked(
        packages=tuple(
            place.package(
                normalised(package.name),
                package.version,
                line,
                scope=scopes.get(package.name, Scope.RUNTIME),
                direct=package.name in direct if direct else None,
            )
            for package, line in named
            if package.version
        ),
        imprecise=tuple(f"{path}:{line or 1}: {package.name[:100]}" for package, line in named if not package.version),
    )


def _needs(lock: _Lock) -> dict[str, set[str]]:
    """Return the edges; a package's extras count as needed, since the lock holds only those that are asked for."""
    needs: dict[str, set[str]] = {}
    for package in lock.package:
        edges = package.names(Scope.RUNTIME)
        if not package.source.is_project:
            edges |= package.names(Scope.OPTIONAL)
        needs.setdefault(package.name, set()).update(edges)
    return needs
