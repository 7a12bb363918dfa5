"""Folders from which a library is published: those who install it choose the versions of what its manifest requires.

Such a manifest states ranges by convention, and a lockfile next to it would say nothing of its users' installations.
"""

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from gate.core.errors import LimitError, UnreadableError
from gate.core.path_patterns import matches
from gate.inventory.lockfile import read_json, read_text, read_toml
from gate.trees import FileTree

_NOT_FOR_A_REGISTRY = "Private ::"
"""PyPI refuses packages with a classifier that begins so."""
_PUBLISHING = re.compile(r"maven-publish|maven\.publish")
_CODE: Mapping[str, re.Pattern[str]] = {
    "DESCRIPTION": re.compile(r"^Package:", re.MULTILINE),
    "Package.swift": re.compile(r"\.library\s*\("),
    "build.gradle": _PUBLISHING,
    "build.gradle.kts": _PUBLISHING,
    "build.sbt": re.compile(r"^\s*(?:ThisBuild\s*/\s*)?publish(?:To|MavenStyle)\b", re.MULTILINE),
    "conanfile.py": re.compile(r"^\s+def package_info\b", re.MULTILINE),
    "mix.exs": re.compile(r"\bpackage:|\bpackage\(\)"),
    "setup.cfg": re.compile(r"^\[metadata\]", re.MULTILINE),
    "setup.py": re.compile(r"\bsetup\s*\("),
    "*.cabal": re.compile(r"^library\b", re.MULTILINE | re.IGNORECASE),
    "*.gemspec": re.compile(r"\bGem::Specification\b"),
    "*.opam": re.compile(r"^depends:", re.MULTILINE),
}
"""Name of a manifest that is read by no Struct to what stands in a library's."""


class _PackageJson(msgspec.Struct, frozen=True):
    name: str | None = None
    private: Any = False
    main: Any = None
    module: Any = None
    exports: Any = None
    types: Any = None
    bin: Any = None
    files: Any = None
    publish_config: Any = msgspec.field(default=None, name="publishConfig")

    @property
    def is_library(self) -> bool:
        parts = (self.main, self.module, self.exports, self.types, self.bin, self.files, self.publish_config)
        return bool(self.name) and self.private is not True and any(parts)


class _ComposerJson(msgspec.Struct, frozen=True):
    name: str | None = None
    type: str = "library"
    """Composer's own default."""

    @property
    def is_library(self) -> bool:
        return bool(self.name) and self.type != "project"


class _Project(msgspec.Struct, frozen=True):
    name: str | None = None
    classifiers: tuple[str, ...] = ()


class _Poetry(msgspec.Struct, frozen=True, rename="kebab"):
    name: str | None = None
    package_mode: bool = True


class _Tool(msgspec.Struct, frozen=True):
    poetry: _Poetry = _Poetry()


class _Pyproject(msgspec.Struct, frozen=True, rename="kebab"):
    build_system: Any = None
    project: _Project = _Project()
    tool: _Tool = _Tool()

    @property
    def is_library(self) -> bool:
        is_private = any(one.startswith(_NOT_FOR_A_REGISTRY) for one in self.project.classifiers)
        is_built = self.build_system is not None and self.tool.poetry.package_mode
        return is_built and not is_private and bool(self.project.name or self.tool.poetry.name)


class _Crate(msgspec.Struct, frozen=True):
    publish: Any = True


class _Cargo(msgspec.Struct, frozen=True):
    package: _Crate | None = None
    lib: Any = None


class _Julia(msgspec.Struct, frozen=True):
    name: str | None = None
    uuid: str | None = None


def _cargo(tree: FileTree, path: str) -> bool:
    stated = read_toml(tree, path, _Cargo)[0]
    source = posixpath.join(posixpath.dirname(path), "src/lib.rs")
    is_published = stated.package is not None and stated.package.publish not in (False, [])
    return is_published and (stated.lib is not None or tree.look_up(source) is not None)


def _julia(tree: FileTree, path: str) -> bool:
    stated = read_toml(tree, path, _Julia)[0]
    return stated.name is not None and stated.uuid is not None


def _pubspec(tree: FileTree, path: str) -> bool:
    lines = read_text(tree, path).splitlines()
    is_private = any(line.startswith("publish_to:") and "none" in line for line in lines)
    return not is_private and any(line.startswith("version:") for line in lines)


_FIELDS: Mapping[str, Callable[[FileTree, str], bool]] = {
    "Cargo.toml": _cargo,
    "JuliaProject.toml": _julia,
    "Project.toml": _julia,
    "composer.json": lambda tree, path: read_json(tree, path, _ComposerJson)[0].is_library,
    "package.json": lambda tree, path: read_json(tree, path, _PackageJson)[0].is_library,
    "pubspec.yaml": _pubspec,
    "pyproject.toml": lambda tree, path: read_toml(tree, path, _Pyproject)[0].is_library,
}


def published_folders(tree: FileTree, paths: Iterable[str]) -> Mapping[str, bool]:
    """Return the folders of those manifests of `paths` that can say so, with whether a library is published there.

    Of several manifests in a folder one that says so is enough.
    """
    folders: dict[str, bool] = {}
    for path in paths:
        is_library = _is_library(tree, path)
        if is_library is not None:
            folder = posixpath.dirname(path)
            folders[folder] = folders.get(folder, False) or is_library
    return folders


def _is_library(tree: FileTree, path: str) -> bool | None:
    """None for a file that says nothing of it, such as a list of requirements."""
    name = posixpath.basename(path)
    pattern = next((one for named, one in _CODE.items() if matches(name, (named,))), None)
    try:
        if name in _FIELDS:
            return _FIELDS[name](tree, path)
        return None if pattern is None else pattern.search(read_text(tree, path)) is not None
    except (UnreadableError, LimitError):
        return False


def belongs_to_library(path: str, folders: Mapping[str, bool]) -> bool:
    """True if a library is published from the nearest of `folders`, which is that of `path` or one above it."""
    folder = posixpath.dirname(path)
    while folder and folder not in folders:
        folder = posixpath.dirname(folder)
    return folders.get(folder, False)
