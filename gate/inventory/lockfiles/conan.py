"""`conan.lock` of Conan 1 and 2, and `conanfile.txt` where nothing locks it (Conan documentation, "Lockfiles")."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from gate.inventory.entries import LockEntry, locked
from gate.inventory.json_lines import member_lines
from gate.inventory.lockfile import Locked, LockfilePlace, only_lines, read_json, read_text, unparsable
from gate.model import Scope
from gate.trees import FileTree

LOCKED_BY = ("./conan.lock",)
_REFERENCE = re.compile(r"(?P<name>[^/@#%\s]+)/(?P<version>[^/@#%\[\]\s]+)(?:[@#%].*)?")
_RANGE = re.compile(r"(?P<name>[^/@#%\s]+)/\[.*\].*")
_REF = re.compile(r'"p?ref"\s*+:\s*+"([^"]*+)"')
_LATEST_LISTS = "0.5"
"""Lockfiles of Conan 2; older ones, and those without a version, hold a graph."""
_GRAPHS = ("", "0.1", "0.2", "0.3", "0.4")
_SECTIONS = {
    "build_requires": Scope.DEVELOPMENT,
    "tool_requires": Scope.DEVELOPMENT,
    "python_requires": Scope.DEVELOPMENT,
    "config_requires": Scope.DEVELOPMENT,
    "test_requires": Scope.DEVELOPMENT,
    "requires": Scope.RUNTIME,
}
"""Sections of a lockfile or conanfile.txt that name packages."""


class _Node(msgspec.Struct, frozen=True):
    """A package of Conan 1's graph; the project itself may have no reference."""

    ref: str | None = None
    pref: str | None = None
    """What versions before 0.4 write: the reference with the id of a binary, `name/version#revision:id#revision`."""
    path: str | None = None
    requires: list[str] | dict[str, str] | None = None
    """Keys of nodes; the oldest versions write them behind the reference of each."""
    build_requires: list[str] | dict[str, str] | None = None
    context: str = "host"

    @property
    def reference(self) -> str | None:
        return self.ref or self.pref

    @property
    def needs(self) -> Iterator[str]:
        """The keys of the nodes that it needs."""
        for needed in (self.requires, self.build_requires):
            yield from needed.values() if isinstance(needed, dict) else needed or ()


class _Graph(msgspec.Struct, frozen=True):
    nodes: dict[str, _Node]


class _Lock(msgspec.Struct, frozen=True):
    version: str = ""
    graph_lock: _Graph | None = None
    requires: list[str] = []
    build_requires: list[str] = []
    python_requires: list[str] = []
    config_requires: list[str] = []


def read(tree: FileTree, path: str) -> Locked:
    """Read a lockfile of Conan, or a conanfile.txt without one."""
    place = LockfilePlace("ConanCenter", path)
    if path.endswith(".txt"):
        entries = list(_manifest_entries(read_text(tree, path), path))
        return locked(place, entries, frozenset(entry.name for entry in entries))
    lock, text = read_json(tree, path, _Lock)
    if lock.version in _GRAPHS and lock.graph_lock is not None:
        return _read_graph(place, lock.graph_lock.nodes, text)
    if not lock.version.startswith(_LATEST_LISTS):
        raise unparsable(path, f"its version {lock.version[:20]!r} is not known")
    return locked(place, _lock_entries(lock, path, text))


def _lock_entries(lock: _Lock, path: str, text: str) -> Iterator[LockEntry]:
    for section, scope in _SECTIONS.items():
        references: list[str] = getattr(lock, section, [])
        for reference, (_, line) in zip(references, member_lines(text, section), strict=True):
            yield _entry(reference, path, line, scope)


def _entry(reference: str, path: str, line: int | None, scope: Scope) -> LockEntry:
    """Return what `name/version@user/channel#revision%time` stands for; a version may be a range in brackets."""
    found = _REFERENCE.fullmatch(reference)
    name = found or _RANGE.fullmatch(reference)
    if name is None:
        raise unparsable(path, "a reference is name/version", line)
    return LockEntry(name=name["name"], version=found["version"] if found else None, line=line, scope=scope)


def _read_graph(place: LockfilePlace, nodes: dict[str, _Node], text: str) -> Locked:
    lines = only_lines(text, _REF)
    own = {key for key, node in nodes.items() if node.reference is None or node.path is not None}
    entries = {
        key: _entry(node.reference, place.path, lines.get(node.reference), _scope(node))
        for key, node in nodes.items()
        if key not in own and node.reference
    }
    needs: dict[str, list[str]] = {}
    for key, entry in entries.items():
        needed = [entries[below].name for below in nodes[key].needs if below in entries]
        needs.setdefault(entry.name, []).extend(needed)
    asked = {below for key in own for below in nodes[key].needs}
    direct = {entries[key].name for key in asked if key in entries}
    return locked(place, entries.values(), direct if own else None, needs)


def _scope(node: _Node) -> Scope:
    return Scope.DEVELOPMENT if node.context == "build" else Scope.RUNTIME


def _manifest_entries(text: str, path: str) -> Iterator[LockEntry]:
    section: Any = None
    for number, row in enumerate(text.split("\n"), 1):
        said = re.sub(r"(?:^|\s)#.*", "", row).strip()
        if said.startswith("[") and said.endswith("]"):
            section = _SECTIONS.get(said[1:-1].strip())
        elif said and section is not None:
            yield _entry(said, path, number, section)
