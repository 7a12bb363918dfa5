"""`cabal.project.freeze` (Cabal User Guide, "cabal freeze"): constraints, of which `any.name ==version` names one."""

import re
from collections.abc import Iterator

from gate.inventory.entries import LockEntry, locked
from gate.inventory.lockfile import Locked, LockfilePlace, read_written, unparsable
from gate.trees import FileTree

_FIELD = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9-]*)\s*:(?P<value>.*)")
_CONSTRAINT = re.compile(r"(?:any\.|setup\.)?(?P<name>[A-Za-z0-9-]+)\s*(?P<asked>.*)")
_EXACT = re.compile(r"==\s*(?P<version>[0-9]+(?:\.[0-9]+)*)")


def read(tree: FileTree, path: str) -> Locked:
    """Read what `cabal freeze` wrote. It does not say what is direct."""
    return locked(LockfilePlace("Hackage", path), _entries(read_written(tree, path), path))


def _entries(text: str, path: str) -> Iterator[LockEntry]:
    for number, constraint in _constraints(text, path):
        found = _CONSTRAINT.fullmatch(constraint)
        if found is None:
            raise unparsable(path, "not a constraint as cabal writes it", number)
        exact = _EXACT.fullmatch(found["asked"])
        if exact or found["asked"].startswith(("=", ">", "<", "^", "(", "installed")):
            yield LockEntry(name=found["name"], version=exact["version"] if exact else None, line=number)
        # all else sets flags of a package, which another constraint names


def _constraints(text: str, path: str) -> Iterator[tuple[int, str]]:
    """Yield (line, constraint) of the field `constraints`, which goes on in indented lines."""
    is_wanted = False
    for number, row in enumerate(text.split("\n"), 1):
        said = row.partition("--")[0].rstrip()
        field = _FIELD.fullmatch(said)
        if field:
            is_wanted = field["name"].lower() == "constraints"
            said = field["value"]
        elif said and not row[0].isspace():
            raise unparsable(path, "not a field as cabal writes it", number)
        if is_wanted:
            yield from ((number, part.strip()) for part in said.split(",") if part.strip())
