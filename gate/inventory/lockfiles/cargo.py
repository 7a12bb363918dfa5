"""`Cargo.lock`, versions 1 to 4. Packages without a source are the workspace's own; what they need is direct.

Which of it is for development alone stands in the `Cargo.toml`s.
"""

from collections.abc import Iterable, Mapping

import msgspec

from gate.inventory.commits import commit_in
from gate.inventory.dependency_role import DependencyRoles
from gate.inventory.listing import Listing
from gate.inventory.lockfile import Locked, package_block_lines, read_toml, unparsable
from gate.inventory.lockfiles.cargo_toml import scopes_in
from gate.model import Scope
from gate.trees import FileTree

_NEWEST = 4


class _Package(msgspec.Struct, frozen=True):
    name: str
    version: str
    source: str | None = None
    dependencies: list[str] = []
    """Each written as `name`, `name version` or `name version (source)`: as short as is clear."""

    @property
    def registry(self) -> str:
        """Where it comes from: `registry+https://…`, `sparse+https://…` or `git+https://…` without the kind."""
        return (self.source or "").partition("+")[2]

    @property
    def key(self) -> str:
        return f"{self.name} {self.version} ({self.source})"

    @property
    def spellings(self) -> tuple[str, ...]:
        place = (self.source or "").partition("#")[0]  # a git address is named without its commit
        return self.name, f"{self.name} {self.version}", f"{self.name} {self.version} ({place})", self.key


class _Lock(msgspec.Struct, frozen=True):
    version: int = 1
    """Absent in the versions 1 and 2."""
    package: list[_Package] = []
    root: _Package | None = None
    """The project itself, in the oldest files."""


def read(tree: FileTree, path: str) -> Locked:
    """Read a Cargo.lock."""
    lock, text = read_toml(tree, path, _Lock)
    if not 1 <= lock.version <= _NEWEST:
        raise unparsable(path, f"its version {lock.version} is not known")
    if not lock.package and lock.root is None:
        raise unparsable(path, "it lists no package, not even the project's own")
    _check_is_whole(lock, path)
    roles = _roles(lock, scopes_in(tree, path.rpartition("/")[0]))
    listing = Listing("crates.io", path)
    for package, line in zip(lock.package, package_block_lines(text, len(lock.package)), strict=True):
        if package.source is not None:
            role = roles.of(package.key)
            commit = commit_in(package.source)
            listing.add(package.name, package.version, line, role, registry=package.registry, commit=commit)
    return listing.locked


def _check_is_whole(lock: _Lock, path: str) -> None:
    """Raise UnreadableError if a package needs one that is not listed: Cargo lists all, so the file was cut."""
    known = {spelling for package in lock.package for spelling in package.spellings}
    for package in (*([lock.root] if lock.root else []), *lock.package):
        for needed in package.dependencies:
            if needed not in known:
                raise unparsable(path, f"it lists no {needed[:60]}, which {package.name[:60]} needs: it was cut")


def _roles(lock: _Lock, scopes: Mapping[str, Mapping[str, Scope]]) -> DependencyRoles:
    keys = {spelling: package.key for package in lock.package for spelling in package.spellings}
    foreign = {package.key: package for package in lock.package if package.source is not None}
    own = [package for package in (lock.root, *lock.package) if package is not None and package.source is None]
    roots: dict[Scope, list[str]] = {scope: [] for scope in Scope}
    for package in own:
        stated = scopes.get(package.name, {})
        for dependency in package.dependencies:
            key = keys.get(dependency)
            if key in foreign:
                roots[stated.get(dependency.partition(" ")[0], Scope.RUNTIME)].append(key)
    needs = {key: _found(package.dependencies, keys) for key, package in foreign.items()}
    return DependencyRoles(roots, needs, {key: package.name for key, package in foreign.items()})


def _found(dependencies: Iterable[str], keys: Mapping[str, str]) -> list[str]:
    return [keys[dependency] for dependency in dependencies if dependency in keys]
