"""`DESCRIPTION` of an R package (Writing R Extensions, "The DESCRIPTION file"): the fields that name other packages."""

import re
from collections.abc import Iterator

from gate.inventory.entries import LockEntry, locked
from gate.inventory.lockfile import Locked, LockfilePlace, read_text
from gate.model import Scope
from gate.trees import FileTree

LOCKED_BY = ("./renv.lock",)
_FIELDS = {
    "Depends": Scope.RUNTIME,
    "Imports": Scope.RUNTIME,
    "LinkingTo": Scope.RUNTIME,
    "Suggests": Scope.OPTIONAL,
    "Enhances": Scope.OPTIONAL,
}
_FIELD = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9/@.-]*):(?P<value>.*)")
_PACKAGE = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9.]*)\s*(?:\(\s*==\s*(?P<version>[0-9][0-9.-]*)\s*\)|\([^)]*\))?")
_BASE = frozenset(
    {
        *("R", "base", "compiler", "datasets", "grDevices", "graphics", "grid", "methods", "parallel", "splines"),
        *("stats", "stats4", "tcltk", "tools", "utils"),
    }
)
"""R itself and the packages that come with it."""


def read(tree: FileTree, path: str) -> Locked:
    """Read a DESCRIPTION; one that is of no R package names nothing."""
    rows = list(_rows(read_text(tree, path)))
    if not any(field == "Package" for field, _, _ in rows):
        return Locked()
    entries = list(_entries(rows))
    return locked(LockfilePlace("CRAN", path), entries, frozenset(entry.name for entry in entries))


def _rows(text: str) -> Iterator[tuple[str, int, str]]:
    """Yield (field, line, text) of each line; a line that begins with a blank goes on with the field above."""
    field = ""
    for number, row in enumerate(text.split("\n"), 1):
        found = None if row[:1].isspace() else _FIELD.match(row)
        if found:
            field = found["name"]
        yield field, number, found["value"] if found else row


def _entries(rows: list[tuple[str, int, str]]) -> Iterator[LockEntry]:
    for field, number, text in rows:
        for said in text.split(",") if field in _FIELDS else ():
            found = _PACKAGE.fullmatch(said.strip())
            if found and found["name"] not in _BASE:
                yield LockEntry(name=found["name"], version=found["version"], line=number, scope=_FIELDS[field])
