"""`stack.yaml` without a lock in its folder (Stack documentation, "Project configuration"): its `extra-deps`.

Most packages of a project come from a snapshot, which stands in no file of the repository.
"""

from typing import Any

import msgspec

from gate.inventory.commits import commit_of
from gate.inventory.entries import LockEntry, locked
from gate.inventory.lockfile import Locked, LockfilePlace
from gate.inventory.lockfiles.stack import HACKAGE
from gate.inventory.yaml_document import places, read_yaml
from gate.trees import FileTree

LOCKED_BY = ("./stack.yaml.lock",)


class _Project(msgspec.Struct, frozen=True, rename="kebab"):
    resolver: Any = None
    snapshot: Any = None
    extra_deps: list[str | dict[str, Any]] | None = None


def read(tree: FileTree, path: str) -> Locked:
    """Read a stack.yaml. A package of Hackage with its version is judged, all else is imprecise."""
    project, root = read_yaml(tree, path, _Project)
    lines = [line for _, line in places(root, "extra-deps")] if project.extra_deps else []
    entries = [_entry(asked, line) for asked, line in zip(project.extra_deps or [], lines, strict=True)]
    top = dict(places(root))
    for key in ("resolver", "snapshot"):
        if key in top:
            entries.append(LockEntry(name="the packages of a snapshot", version=None, line=top[key]))
    return locked(LockfilePlace("Hackage", path), [entry for entry in entries if entry is not None])


def _entry(asked: str | dict[str, Any], line: int) -> LockEntry | None:
    """Return what is asked for; None for a folder of the repository."""
    if isinstance(asked, dict):
        address, commit = asked.get("git", ""), asked.get("commit")
        pinned = commit_of(address, commit) if isinstance(address, str) and isinstance(commit, str) else None
        return LockEntry(name="a package from an archive or repository", version=None, line=line, commit=pinned)
    found = HACKAGE.fullmatch(asked)
    if found:
        return LockEntry(name=found["name"], version=found["version"], line=line)
    return LockEntry(name=asked, version=None, line=line) if "://" in asked else None
