"""`Manifest.toml` and `Project.toml` of Julia (Pkg documentation, "Project.toml and Manifest.toml"), formats 1 and 2.

A standard library has no tree of its own: it comes with Julia and is left out. A package that is tracked by its
repository states the address and the tree, not the commit, and counts by its version.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from gate.inventory.dependency_role import DependencyRoles
from gate.inventory.listing import Listing
from gate.inventory.lockfile import Locked, key_lines, only_lines, read_toml, unparsable
from gate.model import Scope
from gate.trees import FileTree, join, resolve

_NAMES = {"JuliaManifest.toml": "JuliaProject.toml", "Manifest.toml": "Project.toml"}
"""Name of a lockfile to that of its manifest."""
LOCKED_BY = tuple(f"./{name}" for name in _NAMES)
_BLOCK = re.compile(r"^\[\[(?:deps\.)?([^\].]+)\]\]", re.MULTILINE)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FORMATS = ("1", "2")


class _Package(msgspec.Struct, frozen=True, rename="kebab"):
    uuid: str = ""
    version: str | None = None
    path: str | None = None
    """Set for a package of a folder."""
    git_tree_sha1: str | None = None
    deps: list[str] | dict[str, str] = []


def read(tree: FileTree, path: str) -> Locked:
    """Read a manifest or project of Julia; a file of another program that bears the name holds no packages."""
    document, text = read_toml(tree, path, dict[str, Any])
    if path.rpartition("/")[2] not in _NAMES:
        return _project(document, text, path)
    stated = str(document.get("manifest_format", "1")).partition(".")[0]
    if stated not in _FORMATS:
        raise unparsable(path, f"its manifest_format {stated[:20]!r} is not known")
    packages = list(_packages(document, stated, path))
    lines = only_lines(text, _BLOCK)
    roles = _roles(tree, path, packages)
    listing = Listing("Julia", path)
    for name, package in packages:
        if package.git_tree_sha1 is not None and package.path is None:
            listing.add(name, package.version, lines.get(name), roles.of(name))
    return listing.locked


def _packages(document: dict[str, Any], stated: str, path: str) -> Iterator[tuple[str, _Package]]:
    listed = document.get("deps", {}) if stated == "2" else document
    for name, entries in listed.items() if isinstance(listed, dict) else ():
        for entry in entries if isinstance(entries, list) else ():
            try:
                package = msgspec.convert(entry, _Package)
            except msgspec.ValidationError as error:
                raise unparsable(path, f"{name[:60]}: {error}") from error
            if _UUID.fullmatch(package.uuid):
                yield name, package


def _roles(tree: FileTree, path: str, packages: list[tuple[str, _Package]]) -> DependencyRoles:
    folder, _, name = path.rpartition("/")
    place = join(folder, _NAMES[name])
    asked: dict[str, Any] = {}
    if place is not None and resolve(tree, place) is not None:
        asked = _asked(read_toml(tree, place, dict[str, Any])[0])
    known = {name for name, _ in packages}
    needs = {name: sorted(known.intersection(package.deps)) for name, package in packages}
    return DependencyRoles({Scope.RUNTIME: [one for one in asked if one in known]}, needs, {})


def _project(document: dict[str, Any], text: str, path: str) -> Locked:
    """Return what a project without a manifest asks for, which is never one version."""
    lines = key_lines(text, "deps")
    listing = Listing("Julia", path)
    for name in _asked(document):
        listing.add(name, None, lines.get(name))
    return listing.locked


def _asked(document: dict[str, Any]) -> dict[str, Any]:
    """Return the dependencies of a Project.toml; other programs' files of that name have no ids there."""
    asked = document.get("deps", {})
    is_julia = isinstance(asked, dict) and all(isinstance(id, str) and _UUID.fullmatch(id) for id in asked.values())
    return asked if is_julia else {}
