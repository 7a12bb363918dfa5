"""`paket.lock` (Paket documentation, "The paket.lock file"): packages of NuGet by group, and files from git.

NUGET
  remote: https://packages.example/v3/index.json
    Newtonsoft.Json (13.0.3)
      Microsoft.CSharp (>= 4.0.1)
"""

import re

from gate.inventory.commits import commit_of
from gate.inventory.entries import LockEntry, locked
from gate.inventory.lockfile import Locked, LockfilePlace, read_written, unparsable
from gate.model import Scope
from gate.trees import FileTree

_PACKAGE = re.compile(r" {4}(?P<name>[^\s()]+) \((?P<version>[^\s()]+)\)(?: .*)?")
_REMOTE = re.compile(r"  (?:remote: )?(?P<address>\S+)")
_COMMIT = re.compile(r" {4,5}\((?P<commit>[^\s()]+)\)")
_DETAIL = re.compile(r" {5,}\S.*")
"""What a package needs, how a repository is built."""
_PUBLISHED = ("NUGET", "CLITOOL")
_SECTION = re.compile(r"(?P<kind>NUGET|GITHUB|GIST|GIT|HTTP|CLITOOL)")
_GROUP = re.compile(r"GROUP (?P<name>\S+)")
_OPTION = re.compile(r"[A-Z][A-Z-]*: \S.*")
_DEVELOPMENT = frozenset({"build", "ci", "docs", "formatting", "test", "tests"})


def read(tree: FileTree, path: str) -> Locked:
    """Read a paket.lock. What comes from a repository or an address is imprecise."""
    entries: list[LockEntry] = []
    kind, remote, scope = "", "", Scope.RUNTIME
    for line, row in enumerate(read_written(tree, path).split("\n"), 1):
        row = row.rstrip()
        if group := _GROUP.fullmatch(row):
            kind, scope = "", Scope.DEVELOPMENT if group["name"].lower() in _DEVELOPMENT else Scope.RUNTIME
        elif section := _SECTION.fullmatch(row):
            kind, remote = section["kind"], ""
        elif kind and (found := _REMOTE.fullmatch(row)):
            remote = found["address"]
        elif kind and (found := _PACKAGE.fullmatch(row) or _COMMIT.fullmatch(row)):
            entries.append(_entry(kind, remote, found.groupdict(), line, scope))
        elif row and not _OPTION.fullmatch(row) and not (kind and _DETAIL.fullmatch(row)):
            raise unparsable(path, "not a line as Paket writes it", line)
    return locked(LockfilePlace("NuGet", path), entries)


def _entry(kind: str, remote: str, said: dict[str, str], line: int, scope: Scope) -> LockEntry:
    if kind in _PUBLISHED:
        name = said.get("name", "")
        return LockEntry(name=name, version=said.get("version"), line=line, scope=scope, registry=remote)
    commit = commit_of(f"github:{remote}" if kind == "GITHUB" else remote, said.get("version") or said.get("commit"))
    return LockEntry(name=said.get("name", remote), version=None, line=line, scope=scope, commit=commit)
