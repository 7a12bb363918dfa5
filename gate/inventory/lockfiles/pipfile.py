"""`Pipfile.lock` (pipfile-spec 6) and, where nothing locks it, `Pipfile`: Pipenv's documentation, "Pipfile & lock"."""

from typing import Any

import msgspec

from gate.ecosystems.pypi import normalised
from gate.inventory.commits import commit_of
from gate.inventory.entries import LockEntry, locked
from gate.inventory.json_lines import object_lines
from gate.inventory.lockfile import Locked, LockfilePlace, only_lines, read_json, read_toml, unparsable
from gate.inventory.lockfiles.pyproject import KEY, asked_for, exact_version
from gate.inventory.lockfiles.requirements import pinned_version
from gate.model import Scope
from gate.trees import FileTree, join, resolve

LOCKED_BY = ("./Pipfile.lock",)
_KNOWN_SPECIFICATION = 6
_SCOPES = {"default": Scope.RUNTIME, "packages": Scope.RUNTIME, "develop": Scope.DEVELOPMENT}
_NO_PACKAGES = frozenset({"source", "requires", "scripts", "pipenv", "pipfile"})


class _Source(msgspec.Struct, frozen=True):
    name: str = ""
    url: str = ""


class _Meta(msgspec.Struct, frozen=True, rename="kebab"):
    pipfile_spec: int
    sources: list[_Source] = []


class _Entry(msgspec.Struct, frozen=True):
    version: str | None = None
    path: str | None = None
    file: str | None = None
    git: str = ""
    ref: str | None = None
    index: str | None = None
    """Name of the source, where the Pipfile binds the package to one."""


def read(tree: FileTree, path: str) -> Locked:
    """Read a Pipfile.lock, or a Pipfile without one. Every other category is a group for development."""
    return _read_lock(tree, path) if path.endswith(".lock") else _read_manifest(tree, path)


def _read_lock(tree: FileTree, path: str) -> Locked:
    lock, text = read_json(tree, path, dict[str, Any])
    sources = {source.name: source.url for source in _meta(lock.pop("_meta", None), path).sources}
    direct = _direct_names(tree, path)
    lines = object_lines(text, frozenset(lock))
    entries = []
    for category, members in _categories(lock, path).items():
        for name, entry in members.items():
            if entry.path is not None:
                continue
            entries.append(
                LockEntry(
                    name=normalised(name),
                    version=pinned_version([(entry.version or "").replace(" ", "")]),
                    line=next((line for key, line in lines if key == name), None),
                    scope=_SCOPES.get(category, Scope.DEVELOPMENT),
                    registry=sources.get(entry.index or ""),
                    commit=commit_of(entry.git, entry.ref),
                    files=(entry.file,) if entry.file else (),
                )
            )
    return locked(LockfilePlace("PyPI", path), entries, direct)


def _meta(said: Any, path: str) -> _Meta:
    try:
        meta = msgspec.convert(said, _Meta)
    except msgspec.ValidationError as error:
        raise unparsable(path, "it has no _meta with a pipfile-spec") from error
    if meta.pipfile_spec != _KNOWN_SPECIFICATION:
        raise unparsable(path, f"its pipfile-spec {meta.pipfile_spec} is not known")
    return meta


def _categories(lock: dict[str, Any], path: str) -> dict[str, dict[str, _Entry]]:
    try:
        return msgspec.convert(lock, dict[str, dict[str, _Entry]])
    except msgspec.ValidationError as error:
        raise unparsable(path, str(error)) from error


def _direct_names(tree: FileTree, path: str) -> frozenset[str] | None:
    """Return the names that the Pipfile of the lock requires; None if there is no Pipfile."""
    manifest = join(path.rpartition("/")[0], "Pipfile")
    if manifest is None or resolve(tree, manifest) is None:
        return None
    tables = _tables(read_toml(tree, manifest, dict[str, Any])[0])
    return frozenset(normalised(name) for table in tables.values() for name in table)


def _tables(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the tables that name packages, by category."""
    return {key: table for key, table in document.items() if key not in _NO_PACKAGES and isinstance(table, dict)}


def _read_manifest(tree: FileTree, path: str) -> Locked:
    document, text = read_toml(tree, path, dict[str, Any])
    keys = only_lines(text, KEY)
    entries = [
        LockEntry(
            name=normalised(name),
            version=exact_version(asked),
            line=keys.get(name),
            scope=_SCOPES.get(category, Scope.DEVELOPMENT),
        )
        for category, table in _tables(document).items()
        for name, asked in table.items()
    ]
    return asked_for(path, entries)
