"""`pyproject.toml`: what a Python project asks for, with or without versions (PEP 621, PEP 735, Poetry's own tables).

Lockfiles that do not say which of their packages are direct learn it here. Where there is no lockfile, the pins are
packages and everything else is imprecise.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from gate.core.errors import GateError
from gate.ecosystems.pypi import normalised
from gate.inventory.entries import LockEntry, locked
from gate.inventory.lockfile import Locked, LockfilePlace, only_lines, read_text, read_toml
from gate.inventory.lockfiles.requirements import name_and_pin, pinned_version
from gate.model import Scope
from gate.trees import FileTree, join, resolve

LOCKED_BY = ("uv.lock", "./poetry.lock", "./pdm.lock", "./pylock.toml")

_NAME = re.compile(r"\s*([A-Za-z0-9._-]+)")
_EXACT = re.compile(r"={0,3}\s*(?P<version>[0-9][^\s*,|^~<>=!]*)")
"""Poetry's and Pipenv's ways to name one version: `1.0`, `==1.0`."""
_QUOTED = re.compile(r"\"([^\"\n]*)\"|'([^'\n]*)'")
KEY = re.compile(r"^[ \t]*+[\"']?([A-Za-z0-9._-]++)[\"']?[ \t]*+=", re.MULTILINE)
"""A key at the start of a line of TOML."""

Names = dict[str, Any]


class _Project(msgspec.Struct, frozen=True, rename="kebab"):
    dependencies: list[str] = []
    optional_dependencies: dict[str, list[str]] = {}


class _Group(msgspec.Struct, frozen=True):
    dependencies: Names = {}


class _Poetry(msgspec.Struct, frozen=True, rename="kebab"):
    dependencies: Names = {}
    dev_dependencies: Names = {}
    group: dict[str, _Group] = {}


class _Pdm(msgspec.Struct, frozen=True, rename="kebab"):
    dev_dependencies: dict[str, list[str]] = {}


class _Tool(msgspec.Struct, frozen=True):
    poetry: _Poetry = _Poetry()
    pdm: _Pdm = _Pdm()


class PyProject(msgspec.Struct, frozen=True, rename="kebab"):
    """The parts of a pyproject.toml that name dependencies."""

    project: _Project = _Project()
    dependency_groups: dict[str, list[Any]] = {}
    tool: _Tool = _Tool()

    def requirements(self) -> Iterator[tuple[str, Scope]]:
        """Yield what is asked for in the form of PEP 508."""
        yield from ((text, Scope.RUNTIME) for text in self.project.dependencies)
        optional = self.project.optional_dependencies.values()
        yield from ((text, Scope.OPTIONAL) for texts in optional for text in texts)
        groups = (*self.dependency_groups.values(), *self.tool.pdm.dev_dependencies.values())
        yield from ((text, Scope.DEVELOPMENT) for texts in groups for text in texts if isinstance(text, str))

    def poetry(self) -> Iterator[tuple[str, Any, Scope]]:
        """Yield (name, constraint, scope) of what Poetry's tables ask for, Python itself left out."""
        poetry = self.tool.poetry
        development = [poetry.dev_dependencies, *(group.dependencies for group in poetry.group.values())]
        for scope, tables in ((Scope.RUNTIME, [poetry.dependencies]), (Scope.DEVELOPMENT, development)):
            for table in tables:
                yield from ((name, asked, scope) for name, asked in table.items() if name != "python")


def direct_names(tree: FileTree, folder: str) -> frozenset[str] | None:
    """Return the normalised names that `folder`'s pyproject.toml asks for, or None if there is no such file."""
    document = read_project(tree, folder)
    if document is None:
        return None
    texts = [*(text for text, _ in document.requirements()), *(name for name, _, _ in document.poetry())]
    return frozenset(normalised(name[1]) for name in filter(None, map(_NAME.match, texts)))


def read_project(tree: FileTree, folder: str) -> PyProject | None:
    """Return what `folder`'s pyproject.toml says, or None if there is no such file."""
    path = join(folder, "pyproject.toml")
    if path is None or resolve(tree, path) is None:
        return None
    return read_toml(tree, path, PyProject)[0]


def is_member(tree: FileTree, folder: str, path: str) -> bool:
    """True if the uv.lock in `folder` names the folder of the manifest `path` as a member of its workspace.

    Where the lock cannot be read, no: the manifest is then read for itself.
    """
    lock = join(folder, "uv.lock")
    start = f"{folder}/" if folder else ""
    own = re.escape(path.removeprefix(start).rpartition("/")[0])
    try:
        text = read_text(tree, lock) if lock else ""
    except GateError:
        return False
    return re.search(rf'\b(?:editable|virtual|directory) = "{own}"', text) is not None


def read(tree: FileTree, path: str) -> Locked:
    """Read a pyproject.toml that nothing locks."""
    document, text = read_toml(tree, path, PyProject)
    quoted, keys = only_lines(text, _QUOTED), only_lines(text, KEY)
    entries = [
        entry_of(requirement, path, quoted.get(requirement), scope) for requirement, scope in document.requirements()
    ]
    entries += [
        LockEntry(name=normalised(name), version=exact_version(asked), line=keys.get(name), scope=scope)
        for name, asked, scope in document.poetry()
    ]
    return asked_for(path, entries)


def asked_for(path: str, entries: list[LockEntry]) -> Locked:
    """Return what a manifest of Python asks for; all of it is direct."""
    return locked(LockfilePlace("PyPI", path), entries, frozenset(entry.name for entry in entries))


def entry_of(requirement: str, path: str, line: int | None, scope: Scope) -> LockEntry:
    """Return what a requirement (PEP 508) asks for; the version is known if it is pinned."""
    name, version = name_and_pin(requirement, path, line)
    return LockEntry(name=name, version=version, line=line, scope=scope)


def exact_version(constraint: Any) -> str | None:
    """Return the version that Poetry's or Pipenv's constraint (text, or a table with `version`) names exactly."""
    if isinstance(constraint, dict):
        constraint = constraint.get("version")
    if not isinstance(constraint, str):
        return None
    exact = _EXACT.fullmatch(constraint.strip())
    return exact["version"] if exact else pinned_version(constraint.replace(" ", "").split(","))
