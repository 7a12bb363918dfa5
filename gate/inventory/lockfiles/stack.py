"""`stack.yaml.lock` (Stack documentation, "Lock files"): the packages that go beyond the snapshot."""

import re

import msgspec

from gate.inventory.commits import commit_of
from gate.inventory.entries import LockEntry, locked
from gate.inventory.lockfile import Locked, LockfilePlace, unparsable
from gate.inventory.yaml_document import places, read_yaml
from gate.trees import FileTree

HACKAGE = re.compile(r"(?P<name>[A-Za-z0-9-]+)-(?P<version>[0-9]+(?:\.[0-9]+)*)(?:@.*)?")


class _Completed(msgspec.Struct, frozen=True):
    hackage: str | None = None
    name: str | None = None
    version: str | None = None
    git: str = ""
    commit: str | None = None


class _Package(msgspec.Struct, frozen=True):
    completed: _Completed


class _Lock(msgspec.Struct, frozen=True):
    packages: list[_Package]
    snapshots: list[object] = []


def read(tree: FileTree, path: str) -> Locked:
    """Read a lock of Stack. What its snapshots hold stands in no file of the repository, and is imprecise."""
    lock, root = read_yaml(tree, path, _Lock)
    lines = [line for _, line in places(root, "packages")]
    entries = [_entry(package.completed, path, line) for package, line in zip(lock.packages, lines, strict=True)]
    entries += [
        LockEntry(name="the packages of a snapshot", version=None, line=line) for _, line in places(root, "snapshots")
    ]
    return locked(LockfilePlace("Hackage", path), entries)


def _entry(package: _Completed, path: str, line: int) -> LockEntry:
    if package.hackage is None:
        name = package.name or "a package from an archive or repository"
        return LockEntry(name=name, version=None, line=line, commit=commit_of(package.git, package.commit))
    found = HACKAGE.fullmatch(package.hackage)
    if found is None:
        raise unparsable(path, "a package of Hackage is name-version@checksum", line)
    return LockEntry(name=found["name"], version=found["version"], line=line)
