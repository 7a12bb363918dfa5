"""`packages.lock.json`, versions 1 and 2 (NuGet, "Locking dependencies"): one graph a target framework."""

import msgspec

from gate.inventory.entries import LockEntry, locked, merged
from gate.inventory.json_lines import object_lines
from gate.inventory.lockfile import Locked, LockfilePlace, read_json, unparsable
from gate.trees import FileTree

_KNOWN_VERSIONS = (1, 2)
_OWN = "Project"
"""The type of entry that stands for another project of the solution."""


class _Entry(msgspec.Struct, frozen=True):
    type: str
    resolved: str | None = None
    dependencies: dict[str, str] = {}


class _Lock(msgspec.Struct, frozen=True):
    version: int
    dependencies: dict[str, dict[str, _Entry]]


def read(tree: FileTree, path: str) -> Locked:
    """Read a lockfile of NuGet."""
    lock, text = read_json(tree, path, _Lock)
    if lock.version not in _KNOWN_VERSIONS:
        raise unparsable(path, f"its version {lock.version} is not known")
    lines = object_lines(text, frozenset(lock.dependencies))
    found = []
    for graph in lock.dependencies.values():
        placed: dict[str, int | None] = {}
        for name in graph:  # each `next` goes on where the last one stopped: the lines are in the graph's order
            placed[name] = next((line for key, line in lines if key == name), None)
        found.append(_read_graph(path, graph, placed))
    return merged(found)


def _read_graph(path: str, graph: dict[str, _Entry], lines: dict[str, int | None]) -> Locked:
    spelled = {name.lower(): name for name in graph}  # ids are the same in any case
    needs: dict[str, list[str]] = {}
    for name, entry in graph.items():
        needs[name] = [spelled[needed.lower()] for needed in entry.dependencies if needed.lower() in spelled]
    direct = {name for name, entry in graph.items() if entry.type == "Direct"}
    direct |= {needed for name, entry in graph.items() if entry.type == _OWN for needed in needs[name]}
    entries = [
        LockEntry(name=name, version=entry.resolved, line=lines[name])
        for name, entry in graph.items()
        if entry.type != _OWN
    ]
    return locked(LockfilePlace("NuGet", path), entries, direct, needs)
