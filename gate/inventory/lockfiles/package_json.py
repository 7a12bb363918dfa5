"""`package.json`: what a project of npm, Yarn, pnpm, Bun or Deno asks for, by scope.

Lockfiles learn from it what is direct. Where there is none, it is read as such: an exact version is judged, a range
is imprecise (npm documentation, "package.json"; node-semver, "Ranges").
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import msgspec

from gate.core.errors import GateError
from gate.inventory.dependency_role import DependencyRole
from gate.inventory.json_lines import member_lines
from gate.inventory.listing import Listing
from gate.inventory.lockfile import Locked, read_json
from gate.inventory.lockfiles.workspaces import is_named, members
from gate.inventory.yaml_document import read_yaml
from gate.model import Scope
from gate.trees import FileTree, join, resolve

_PNPM_WORKSPACE = "pnpm-workspace.yaml"
LOCKED_BY = (
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lock",
    "bun.lockb",
    "deno.lock",
)
_NAME = "package.json"
_EXACT = re.compile(r"[v=\s]*(?P<version>\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)\s*")
_MAX_DEPTH = 50
"""Overrides in one another."""
_LOCAL = ("workspace:", "link:", "file:", "portal:", "./", "../", "/", "~/")

Ranges = dict[str, str]


class NpmManifest(msgspec.Struct, frozen=True, rename="camel"):
    """What a project asks for, or an installed package does: name to range."""

    dependencies: Ranges = {}
    dev_dependencies: Ranges = {}
    optional_dependencies: Ranges = {}
    peer_dependencies: Ranges = {}

    @property
    def asked(self) -> dict[Scope, Ranges]:
        """Return the ranges by scope. A name among the optional ones is optional, wherever else it stands."""
        needed = {**self.peer_dependencies, **self.dependencies}
        return {
            Scope.RUNTIME: {name: said for name, said in needed.items() if name not in self.optional_dependencies},
            Scope.OPTIONAL: self.optional_dependencies,
            Scope.DEVELOPMENT: self.dev_dependencies,
        }


class NpmProject(NpmManifest, frozen=True):
    """A `package.json`."""

    name: str | None = None
    workspaces: Any = None
    """A list of patterns, or in Yarn's long form an object with `packages`."""
    replacements: Ranges = {}
    """What `overrides` (npm, pnpm, Bun) and `resolutions` (Yarn) put in the place of others, by what is replaced."""

    @property
    def workspace_patterns(self) -> list[str]:
        said = self.workspaces.get("packages") if isinstance(self.workspaces, Mapping) else self.workspaces
        return [pattern for pattern in said if isinstance(pattern, str)] if isinstance(said, list) else []


class _Written(msgspec.Struct, frozen=True, rename="camel"):
    """A `package.json` as npm accepts it: null and an empty list ask for nothing."""

    dependencies: Ranges | tuple[()] | None = None
    dev_dependencies: Ranges | tuple[()] | None = None
    optional_dependencies: Ranges | tuple[()] | None = None
    peer_dependencies: Ranges | tuple[()] | None = None
    name: str | None = None
    workspaces: Any = None
    overrides: Any = None
    resolutions: Any = None
    pnpm: Any = None


class _PnpmWorkspace(msgspec.Struct, frozen=True):
    packages: list[str] = []


def read(tree: FileTree, path: str) -> Locked:
    """Read a package.json that no lockfile makes precise."""
    project, text = _read_project(tree, path)
    listing = Listing("npm", path)
    for scope, key in (
        (Scope.RUNTIME, "dependencies"),
        (Scope.OPTIONAL, "optionalDependencies"),
        (Scope.DEVELOPMENT, "devDependencies"),
    ):
        lines = dict(member_lines(text, key))
        for alias, said in project.asked[scope].items():
            name, version = pinned(alias, said)
            is_peer = alias not in lines  # with a range it is for others to install
            if version or not (is_peer or is_local(said)):
                listing.add(name, version, lines.get(alias), DependencyRole(scope, True))
    for replaced, said in project.replacements.items():
        name, version = pinned(_replaced_name(replaced), said)
        if version:
            listing.add(name, version, _line_of(text, replaced))
    return listing.locked


def _replaced_name(pattern: str) -> str:
    """Return which package `a>b@^1`, `a/**/b` or `@s/b@npm:1` is about: the last one."""
    last = re.split(r">|/\*\*/|^\*\*/", pattern)[-1]
    at = last.find("@", 1)
    last = last if at < 0 else last[:at]
    parts = last.split("/")
    return "/".join(parts[-2:]) if parts[-2:][0].startswith("@") else parts[-1]


def _line_of(text: str, key: str) -> int | None:
    """Return the line of the only place that a key stands at."""
    quoted = json.dumps(key, ensure_ascii=False)
    return text.count("\n", 0, text.find(quoted)) + 1 if text.count(quoted) == 1 else None


def _replacements(said: Any, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield (what is replaced, by what) of overrides, which npm nests: `.` stands for the package itself."""
    if not isinstance(said, dict) or depth > _MAX_DEPTH:
        return
    for name, by in said.items():
        if isinstance(by, str):
            yield name, by
        elif isinstance(by, dict):
            if isinstance(by.get("."), str):
                yield name, by["."]
            yield from ((inner, other) for inner, other in _replacements(by, depth + 1) if inner != ".")


def name_of(tree: FileTree, path: str) -> str | None:
    """Return the name of the project."""
    return _read_project(tree, path)[0].name


def is_local(said: str) -> bool:
    """True if a range names a folder or file of the repository."""
    return said.startswith(_LOCAL)


def pinned(alias: str, said: str) -> tuple[str, str | None]:
    """Return the package's real name, and its version if the range allows only one."""
    name, version = split_alias(alias, said)
    exact = _EXACT.fullmatch(version)
    return name, exact["version"] if exact else None


def split_alias(alias: str, said: str) -> tuple[str, str]:
    """Return name and range of what `npm:name@range` stands for; any other range is of the package `alias` itself."""
    if not said.startswith("npm:"):
        return alias, said
    name, at, version = said.removeprefix("npm:").rpartition("@")
    return (name, version) if at and name else (alias, said.removeprefix("npm:"))


def is_member(tree: FileTree, folder: str, path: str) -> bool:
    """True if the package.json `path` belongs to a workspace of the project in `folder`.

    Where that project's own files cannot be read, no: the manifest is then read for itself.
    """
    try:
        patterns = _workspace_patterns(tree, folder)  # type: ignore[arg-type]  # a tree is hashed by identity
    except GateError:
        return False
    start = f"{folder}/" if folder else ""
    return is_named(path.removeprefix(start).rpartition("/")[0], patterns)


@lru_cache(maxsize=8)
def _workspace_patterns(tree: FileTree, folder: str) -> tuple[str, ...]:
    project = project_of(tree, folder)
    patterns = project.workspace_patterns if project else []
    path = join(folder, _PNPM_WORKSPACE)
    if path is not None and resolve(tree, path) is not None:
        patterns = [*patterns, *read_yaml(tree, path, _PnpmWorkspace)[0].packages]
    return tuple(patterns)


def project_of(tree: FileTree, folder: str) -> NpmProject | None:
    """Return the package.json of `folder`, or None if there is none in the tree."""
    path = join(folder, _NAME)
    if path is None or resolve(tree, path) is None:
        return None
    return _read_project(tree, path)[0]


def _read_project(tree: FileTree, path: str) -> tuple[NpmProject, str]:
    written, text = read_json(tree, path, _Written)
    asked = {field: dict(getattr(written, field) or {}) for field in NpmManifest.__struct_fields__}
    pnpm = written.pnpm.get("overrides") if isinstance(written.pnpm, dict) else None
    replacements = dict(pair for said in (written.overrides, written.resolutions, pnpm) for pair in _replacements(said))
    return NpmProject(name=written.name, workspaces=written.workspaces, replacements=replacements, **asked), text


def projects_of(tree: FileTree, folder: str) -> list[NpmProject]:
    """Return the package.json of `folder` and those of its workspaces; nothing if it has none."""
    root = project_of(tree, folder)
    if root is None:
        return []
    folders = members(tree, folder, _NAME, root.workspace_patterns)
    return [root, *filter(None, (project_of(tree, member) for member in folders))]
