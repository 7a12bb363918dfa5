"""`gradle/libs.versions.toml` and other version catalogues (Gradle User Manual, "Version Catalogs").

A library without a version gets one from a platform; rich versions say one only if they are strict. What a library
needs is not listed.
"""

import re
from collections.abc import Iterator
from typing import Any

from gate.inventory.entries import LockEntry, locked
from gate.inventory.lockfile import Locked, LockfilePlace, key_lines, read_toml
from gate.model import Scope
from gate.trees import FileTree

LOCKED_BY = ("gradle.lockfile", "./verification-metadata.xml")
_EXACT = re.compile(r"[^\s+\[\](),]+")
_MOVING = ("latest.", "SNAPSHOT")
_RICH = ("strictly", "require", "prefer")


def read(tree: FileTree, path: str) -> Locked:
    """Read a catalogue. A plugin is the artifact by which Gradle finds it, `ID:ID.gradle.plugin`."""
    document, text = read_toml(tree, path, dict[str, Any])
    entries = list(_entries(document, text))
    return locked(LockfilePlace("Maven", path), entries, frozenset(entry.name for entry in entries))


def _entries(document: dict[str, Any], text: str) -> Iterator[LockEntry]:
    versions = _table(document, "versions")
    lines = key_lines(text, "libraries")
    for alias, said in _table(document, "libraries").items():
        name, version = _library(said)
        if name:
            yield LockEntry(name=name, version=_exact(version, versions), line=lines.get(alias))
    lines = key_lines(text, "plugins")
    for alias, said in _table(document, "plugins").items():
        id, version = _plugin(said)
        if id:
            yield LockEntry(
                name=f"{id}:{id}.gradle.plugin",
                version=_exact(version, versions),
                line=lines.get(alias),
                scope=Scope.DEVELOPMENT,
            )


def _library(said: Any) -> tuple[str, Any]:
    """Return `group:name` and what stands for the version of an entry, in any of its notations."""
    if isinstance(said, str):
        group, _, rest = said.partition(":")
        name, _, version = rest.partition(":")
        return (f"{group}:{name}" if group and name else ""), version
    if not isinstance(said, dict):
        return "", None
    module = said.get("module") or f"{said.get('group', '')}:{said.get('name', '')}"
    is_whole = isinstance(module, str) and all(module.split(":")) and ":" in module
    return (module if is_whole else ""), said.get("version")


def _plugin(said: Any) -> tuple[str, Any]:
    if isinstance(said, str):
        id, _, version = said.partition(":")
        return id, version
    return (str(said.get("id", "")), said.get("version")) if isinstance(said, dict) else ("", None)


def _exact(version: Any, versions: dict[str, Any]) -> str | None:
    """Return the one version that is meant; None for a range, a moving one, or one from elsewhere."""
    if isinstance(version, dict) and "ref" in version:
        version = versions.get(str(version["ref"]))
    if isinstance(version, dict):
        version = next((version[key] for key in _RICH if isinstance(version.get(key), str)), None)
    if not isinstance(version, str) or not _EXACT.fullmatch(version) or version.endswith("!!"):
        return version.removesuffix("!!") if isinstance(version, str) and _EXACT.fullmatch(version) else None
    return None if any(word in version for word in _MOVING) else version


def _table(document: dict[str, Any], name: str) -> dict[str, Any]:
    table = document.get(name, {})
    return table if isinstance(table, dict) else {}
