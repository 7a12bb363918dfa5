"""`build.sbt.lock`, as the plugin sbt-dependency-lock writes it, lock version 1."""

import msgspec

from gate.inventory.entries import LockEntry, locked
from gate.inventory.json_lines import member_lines
from gate.inventory.lockfile import Locked, LockfilePlace, read_json, unparsable
from gate.model import Scope
from gate.trees import FileTree


class _Dependency(msgspec.Struct, frozen=True):
    org: str
    name: str
    version: str
    configurations: list[str] = []

    @property
    def scope(self) -> Scope:
        if not self.configurations or {"compile", "runtime", "provided"}.intersection(self.configurations):
            return Scope.RUNTIME
        return Scope.OPTIONAL if "optional" in self.configurations else Scope.DEVELOPMENT


class _Lock(msgspec.Struct, frozen=True, rename="camel"):
    lock_version: int
    dependencies: list[_Dependency]


def read(tree: FileTree, path: str) -> Locked:
    """Read a lock of sbt. It does not say what is direct."""
    lock, text = read_json(tree, path, _Lock)
    if lock.lock_version != 1:
        raise unparsable(path, f"its lockVersion {lock.lock_version} is not known")
    lines = (line for _, line in member_lines(text, "dependencies"))
    entries = [
        LockEntry(name=f"{found.org}:{found.name}", version=found.version, line=line, scope=found.scope)
        for found, line in zip(lock.dependencies, lines, strict=True)
    ]
    return locked(LockfilePlace("Maven", path), entries)
