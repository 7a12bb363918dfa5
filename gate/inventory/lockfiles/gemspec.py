"""`*.gemspec` of Ruby (RubyGems, "Specification Reference"): a program, read for its literal `add_dependency` lines."""

import re
from collections.abc import Iterator

from gate.inventory.entries import LockEntry, locked
from gate.inventory.lockfile import Locked, LockfilePlace, read_text
from gate.model import Scope
from gate.trees import FileTree

LOCKED_BY = ("./Gemfile.lock", "./gems.locked")
_LINE = re.compile(
    r"""^\s*\w+\.add_(?P<kind>runtime_|development_)?dependency[\s(]+(?P<quote>['"])(?P<name>[\w.-]+)(?P=quote)(?P<rest>.*)"""
)
_EXACT = re.compile(r"""\s*(?:\.freeze)?\s*,\s*(?P<quote>['"])=?\s*(?P<version>\d[\w.]*)(?P=quote)\s*\)?\s*(?:#.*)?""")


def read(tree: FileTree, path: str) -> Locked:
    """Read what a gem asks for: exact versions are judged, the rest is imprecise."""
    entries = list(_entries(read_text(tree, path)))
    return locked(LockfilePlace("RubyGems", path), entries, frozenset(entry.name for entry in entries))


def _entries(text: str) -> Iterator[LockEntry]:
    for number, row in enumerate(text.split("\n"), 1):
        found = _LINE.match(row)
        if found:
            exact = _EXACT.fullmatch(found["rest"])
            scope = Scope.DEVELOPMENT if found["kind"] == "development_" else Scope.RUNTIME
            yield LockEntry(name=found["name"], version=exact["version"] if exact else None, line=number, scope=scope)
