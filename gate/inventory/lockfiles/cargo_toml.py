"""`Cargo.toml`: what a crate requires, by scope, for `Cargo.lock`, which states only names.

Without a lockfile it is read as such: `=1.2.3` is judged, all else is a range (The Cargo Book, "Specifying
Dependencies").
"""

import re
from collections.abc import Iterator, Mapping

import msgspec

from gate.inventory.dependency_role import DependencyRole
from gate.inventory.listing import Listing
from gate.inventory.lockfile import Locked, read_toml
from gate.inventory.lockfiles.workspaces import members
from gate.model import Scope
from gate.trees import FileTree, join, resolve

LOCKED_BY = ("Cargo.lock",)
MAX_MANIFESTS = 5_000
"""Manifests of one workspace that are followed."""
_NAME = "Cargo.toml"
_EXACT = re.compile(r"\s*=\s*(?P<version>\d+\.\d+\.\d+[^\s,]*)\s*")
_HEADER = re.compile(r"\s*\[\[?(?P<table>[^\]]+)\]")
_KEY = re.compile(r"\s*[\"']?(?P<key>[A-Za-z0-9_-]+)[\"']?\s*[=.]")


class _Dependency(msgspec.Struct, frozen=True):
    version: str | None = None
    package: str | None = None
    """Its name, where the key is another."""
    path: str | None = None
    workspace: bool = False


Dependencies = dict[str, _Dependency | str]


class _Tables(msgspec.Struct, frozen=True, rename="kebab"):
    dependencies: Dependencies = {}
    build_dependencies: Dependencies = {}
    dev_dependencies: Dependencies = {}


class _Package(msgspec.Struct, frozen=True):
    name: str = ""


class _Workspace(msgspec.Struct, frozen=True):
    members: list[str] = []
    dependencies: Dependencies = {}


class Crate(_Tables, frozen=True, rename="kebab"):
    """A Cargo.toml."""

    package: _Package = _Package()
    workspace: _Workspace = _Workspace()
    target: dict[str, _Tables] = {}

    @property
    def asked(self) -> Iterator[tuple[str, Scope, str, _Dependency]]:
        """Yield (table, scope, key, dependency) of all that it asks for; what builds it counts as runtime."""
        for prefix, tables in (("", self), *((f"target.{name}.", tables) for name, tables in self.target.items())):
            for table, scope, stated in (
                ("dependencies", Scope.RUNTIME, tables.dependencies),
                ("build-dependencies", Scope.RUNTIME, tables.build_dependencies),
                ("dev-dependencies", Scope.DEVELOPMENT, tables.dev_dependencies),
            ):
                for key, said in stated.items():
                    yield prefix + table, scope, key, _Dependency(said) if isinstance(said, str) else said


def read(tree: FileTree, path: str) -> Locked:
    """Read a Cargo.toml that no lockfile makes precise. What a workspace's root states is judged there."""
    crate, text = read_toml(tree, path, Crate)
    listing = Listing("crates.io", path)
    lines = dict(_lines(text))
    stated = [*crate.asked, *_of_workspace(crate)]
    for table, scope, key, dependency in stated:
        name = dependency.package or key
        line = lines.get((table, key)) or lines.get((f"{table}.{key}", "")) or 1
        exact = _EXACT.fullmatch(dependency.version or "")
        if exact or not (dependency.path or dependency.workspace):
            listing.add(name, exact["version"] if exact else None, line, DependencyRole(scope, True))
    return listing.locked


def _of_workspace(crate: Crate) -> Iterator[tuple[str, Scope, str, _Dependency]]:
    for key, said in crate.workspace.dependencies.items():
        dependency = _Dependency(said) if isinstance(said, str) else said
        yield "workspace.dependencies", Scope.RUNTIME, key, dependency


def _lines(text: str) -> Iterator[tuple[tuple[str, str], int]]:
    """Yield ((table, key), line); of a table itself the key is empty."""
    table = ""
    for number, row in enumerate(text.split("\n"), 1):
        if header := _HEADER.match(row):
            table = header["table"].replace("'", "").replace('"', "").strip()
            yield (table, ""), number
        elif key := _KEY.match(row):
            yield (table, key["key"]), number


def scopes_in(tree: FileTree, folder: str) -> dict[str, dict[str, Scope]]:
    """Return what each crate of the workspace in `folder` asks for: crate to (real name to strongest scope)."""
    crates = list(_crates(tree, folder))
    renamed = {
        key: said.package
        for crate in crates
        for key, said in crate.workspace.dependencies.items()
        if isinstance(said, _Dependency) and said.package
    }
    return {crate.package.name: _scopes(crate, renamed) for crate in crates}


def _scopes(crate: Crate, renamed: Mapping[str, str]) -> dict[str, Scope]:
    scopes: dict[str, Scope] = {}
    for _, scope, key, dependency in crate.asked:
        name = dependency.package or (renamed.get(key) if dependency.workspace else None) or key
        if scope is Scope.RUNTIME or name not in scopes:
            scopes[name] = scope
    return scopes


def _crates(tree: FileTree, folder: str) -> Iterator[Crate]:
    """Yield the crate in `folder`, its workspace's members, and those that they name by path."""
    todo, seen = [folder], {folder}
    while todo:
        place = todo.pop()
        path = join(place, _NAME)
        if path is None or resolve(tree, path) is None:
            continue
        crate, _ = read_toml(tree, path, Crate)
        yield crate
        named = (join(place, one.path) for _, _, _, one in crate.asked if one.path)
        for found in (*members(tree, place, _NAME, crate.workspace.members), *filter(None, named)):
            if found not in seen and len(seen) < MAX_MANIFESTS:
                seen.add(found)
                todo.append(found)
