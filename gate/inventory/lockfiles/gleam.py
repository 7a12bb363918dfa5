"""`manifest.toml` of Gleam's build tool, and `gleam.toml` where nothing locks it (gleam.run, "gleam.toml")."""

import re
from typing import Any

import msgspec

from gate.inventory.commits import commit_of
from gate.inventory.dependency_role import DependencyRole, DependencyRoles
from gate.inventory.listing import Listing
from gate.inventory.lockfile import Locked, key_lines, only_lines, read_toml
from gate.model import Scope
from gate.trees import FileTree, join, resolve

LOCKED_BY = ("./manifest.toml",)
_MANIFEST = "gleam.toml"
_ENTRY = re.compile(r'^\s*\{\s*name\s*=\s*"([^"]+)"', re.MULTILINE)
_SECTIONS = {
    "dependencies": Scope.RUNTIME,
    "dev-dependencies": Scope.DEVELOPMENT,
    "dev_dependencies": Scope.DEVELOPMENT,
}
_EXACT = re.compile(r"\s*(?:==)?\s*(\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?)\s*")


class _Package(msgspec.Struct, frozen=True):
    name: str
    version: str | None = None
    source: str = "hex"
    requirements: list[str] = []
    repo: str = ""
    commit: str | None = None


class _Lock(msgspec.Struct, frozen=True):
    packages: list[_Package] = []


def read(tree: FileTree, path: str) -> Locked:
    """Read a manifest.toml where a gleam.toml is, or a gleam.toml without one. Packages of a folder are left out."""
    folder, _, name = path.rpartition("/")
    if name == _MANIFEST:
        return _asked(tree, path)
    place = join(folder, _MANIFEST)
    if place is None or resolve(tree, place) is None:
        return Locked()  # the name is of many programs
    lock, text = read_toml(tree, path, _Lock)
    sections = read_toml(tree, place, dict[str, Any])[0]
    known = {package.name for package in lock.packages}
    roots: dict[Scope, list[str]] = {scope: [] for scope in Scope}
    for section, scope in _SECTIONS.items():
        roots[scope] += [one for one in _table(sections, section) if one in known]
    needs = {one.name: sorted(known.intersection(one.requirements)) for one in lock.packages}
    roles, lines = DependencyRoles(roots, needs, {}), only_lines(text, _ENTRY)
    listing = Listing("Hex", path)
    for package in lock.packages:
        if package.source != "local":
            version = package.version if package.source == "hex" else None
            commit = commit_of(package.repo, package.commit) if package.repo else None
            listing.add(package.name, version, lines.get(package.name), roles.of(package.name), commit=commit)
    return listing.locked


def _asked(tree: FileTree, path: str) -> Locked:
    sections, text = read_toml(tree, path, dict[str, Any])
    lines = key_lines(text, *_SECTIONS)
    listing = Listing("Hex", path)
    for section, scope in _SECTIONS.items():
        for name, said in _table(sections, section).items():
            if not (isinstance(said, dict) and "path" in said):
                exact = _EXACT.fullmatch(said) if isinstance(said, str) else None
                listing.add(name, exact[1] if exact else None, lines.get(name), DependencyRole(scope, direct=True))
    return listing.locked


def _table(sections: dict[str, Any], name: str) -> dict[str, Any]:
    table = sections.get(name, {})
    return table if isinstance(table, dict) else {}
