"""`NAME.deps.json` (.NET, "runtime configuration file"): what a built .NET program loads."""

import msgspec

from gate.inventory.entries import LockEntry, locked
from gate.inventory.json_lines import member_lines
from gate.inventory.lockfile import Locked, LockfilePlace, parse_json, read_text, unread_note
from gate.trees import FileTree

RUNTIME_PACK = "runtimepack."
"""Starts the name of a self-contained program's copy of the runtime: the package without that prefix."""
_PARTS_OF_DOTNET = frozenset({"libraries", "targets", "runtimeTarget"})


class _Library(msgspec.Struct, frozen=True):
    type: str


class _Target(msgspec.Struct, frozen=True):
    dependencies: dict[str, str] = {}


class _Deps(msgspec.Struct, frozen=True):
    libraries: dict[str, _Library]
    targets: dict[str, dict[str, _Target]] = {}


def read(tree: FileTree, path: str) -> Locked:
    """Read a deps.json. Projects of the solution have no advisories and are left out.

    A file of another program with such a name (`knip.deps.json`) is no error; in an image it is one.
    """
    text = read_text(tree, path)
    parts = parse_json(text, path, dict[str, object]).keys()
    if parts and not _PARTS_OF_DOTNET & parts:
        return Locked(unread=(unread_note(path, "it is no list of .NET: it has neither `libraries` nor `targets`"),))
    return parse(text, path)


def parse(text: str, path: str) -> Locked:
    """Read the text of the deps.json `path`."""
    deps = parse_json(text, path, _Deps)
    needs = {
        _split(key)[0]: list(target.dependencies)
        for targets in deps.targets.values()
        for key, target in targets.items()
    }
    own = {_split(key)[0] for key, library in deps.libraries.items() if library.type == "project"}
    direct = {name for project in own for name in needs.get(project, ())}
    entries = [
        LockEntry(name=_split(key)[0].removeprefix(RUNTIME_PACK), version=_split(key)[1], line=line)
        for key, line in member_lines(text, "libraries")
        if deps.libraries[key].type in ("package", "runtimepack")
    ]
    return locked(LockfilePlace("NuGet", path), entries, direct or None, needs)


def _split(key: str) -> tuple[str, str]:
    """Part `Name/1.0.0`."""
    name, _, version = key.partition("/")
    return name, version
