"""Bazel's lockfiles: `MODULE.bazel.lock` ("Bazel Lockfile") and `maven_install.json` of rules_jvm_external.

The lock of modules names those that were selected: until version 9 as a graph, since then by the address of each one's
`source.json`. What extensions of modules fetch is not read. No database has advisories on Bazel's modules.
"""

import re
from collections.abc import Iterable, Iterator

import msgspec

from gate.inventory.entries import LockEntry, locked
from gate.inventory.json_lines import member_lines
from gate.inventory.lockfile import Locked, LockfilePlace, only_lines, read_json, unparsable
from gate.trees import FileTree

_SELECTED = re.compile(r".*/modules/(?P<name>[^/]+)/(?P<version>[^/]+)/source\.json")
_COORDINATE = re.compile(r'"coord"\s*:\s*"([^"]+)"')
_MAVEN_VERSIONS = ("2", "3")


class _Module(msgspec.Struct, frozen=True):
    name: str = ""
    version: str = ""


class _ModuleLock(msgspec.Struct, frozen=True, rename="camel"):
    lock_file_version: int
    module_dep_graph: dict[str, _Module] = {}
    registry_file_hashes: dict[str, str | None] = {}


class _Artifact(msgspec.Struct, frozen=True):
    version: str | None = None


class _Node(msgspec.Struct, frozen=True, rename="camel"):
    coord: str
    direct_dependencies: list[str] = []


class _Tree(msgspec.Struct, frozen=True):
    dependencies: list[_Node] = []


class _Pinned(msgspec.Struct, frozen=True):
    version: str | int | None = None
    artifacts: dict[str, _Artifact] = {}
    dependencies: dict[str, list[str]] = {}
    dependency_tree: _Tree | None = None


def read(tree: FileTree, path: str) -> Locked:
    """Read a lock of modules or of Maven artifacts."""
    return _modules(tree, path) if path.endswith(".lock") else _pinned(tree, path)


def _modules(tree: FileTree, path: str) -> Locked:
    lock, text = read_json(tree, path, _ModuleLock)
    lines = dict(member_lines(text, "registryFileHashes")) | dict(member_lines(text, "moduleDepGraph"))
    entries = [
        LockEntry(name=module.name, version=module.version, line=lines.get(key))
        for key, module in lock.module_dep_graph.items()
        if module.version  # the project itself, and modules of a folder, have none
    ]
    for address in lock.registry_file_hashes:
        found = _SELECTED.fullmatch(address)
        if found:
            entries.append(LockEntry(name=found["name"], version=found["version"], line=lines.get(address)))
    return locked(LockfilePlace("Bazel", path), entries)


def _pinned(tree: FileTree, path: str) -> Locked:
    pinned, text = read_json(tree, path, _Pinned)
    place = LockfilePlace("Maven", path)
    if pinned.dependency_tree is not None:
        nodes = pinned.dependency_tree.dependencies
        lines = only_lines(text, _COORDINATE)
        needs = {_named(one.coord)[0]: _names(one.direct_dependencies) for one in nodes}
        return locked(place, _distinct(_of_nodes(nodes, lines)), needs=needs)
    if str(pinned.version) not in _MAVEN_VERSIONS:
        raise unparsable(path, f"its version {str(pinned.version)[:20]!r} is not known")
    places = dict(member_lines(text, "artifacts"))
    entries = (
        LockEntry(name=_artifact(key), version=one.version, line=places.get(key))
        for key, one in pinned.artifacts.items()
    )
    needs = {_artifact(key): _names(below) for key, below in pinned.dependencies.items()}
    return locked(place, _distinct(entries), needs=needs)


def _of_nodes(nodes: Iterable[_Node], lines: dict[str, int]) -> Iterator[LockEntry]:
    for node in nodes:
        name, version = _named(node.coord)
        yield LockEntry(name=name, version=version, line=lines.get(node.coord))


def _distinct(entries: Iterable[LockEntry]) -> Iterator[LockEntry]:
    """Leave out the further files of an artifact, such as its sources."""
    seen: set[tuple[str, str | None]] = set()
    for entry in entries:
        if (entry.name, entry.version) not in seen:
            seen.add((entry.name, entry.version))
            yield entry


def _artifact(key: str) -> str:
    """Return `group:artifact` of `group:artifact:type:classifier`."""
    return ":".join(key.split(":")[:2])


def _names(keys: Iterable[str]) -> list[str]:
    return [_artifact(key) for key in keys]


def _named(coordinate: str) -> tuple[str, str | None]:
    """Return `group:artifact` and the version of `group:artifact[:type[:classifier]]:version`."""
    parts = coordinate.split(":")
    return ":".join(parts[:2]), parts[-1] if len(parts) > 2 else None
