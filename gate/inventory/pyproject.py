"""The dependencies that a `pyproject.toml` names, for lockfiles that do not say which of their packages are direct."""

import re
from typing import Any

import msgspec

from gate.inventory.lockfile import normalised, read_toml
from gate.trees import FileTree, join, resolve

_NAME = re.compile(r"\s*([A-Za-z0-9._-]+)")

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


class _Tool(msgspec.Struct, frozen=True):
    poetry: _Poetry = _Poetry()


class _PyProject(msgspec.Struct, frozen=True, rename="kebab"):
    project: _Project = _Project()
    dependency_groups: dict[str, list[Any]] = {}
    tool: _Tool = _Tool()


def direct_names(tree: FileTree, folder: str) -> frozenset[str] | None:
    """Return the normalised names that `folder`'s pyproject.toml asks for, or None if there is no such file."""
    path = join(folder, "pyproject.toml")
    if path is None or resolve(tree, path) is None:
        return None
    document, _ = read_toml(tree, path, _PyProject)
    project, poetry = document.project, document.tool.poetry
    requirements = [
        *project.dependencies,
        *(text for group in project.optional_dependencies.values() for text in group),
        *(text for group in document.dependency_groups.values() for text in group if isinstance(text, str)),
        *poetry.dependencies,
        *poetry.dev_dependencies,
        *(name for group in poetry.group.values() for name in group.dependencies),
    ]
    names = filter(None, map(_NAME.match, requirements))
    return frozenset(normalised(name[1]) for name in names)
