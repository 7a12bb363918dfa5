"""`vendor/modules.txt` of Go (The Go Modules Reference, "Vendoring"): the modules whose packages were copied in.

The `go.mod` in the folder of `vendor` says the same, and counts then.
"""

import re
from collections.abc import Iterator

from gate.inventory.entries import LockEntry, locked
from gate.inventory.lockfile import Locked, LockfilePlace, read_text, unparsable
from gate.trees import FileTree

LOCKED_BY = ("go.mod",)
LISTS_VENDORED = True
_LIST = "vendor/modules.txt"
_MODULE = re.compile(r"# (?P<name>\S+)(?: (?P<version>v\S+))?(?: => (?P<other>\S+)(?: (?P<other_version>v\S+))?)?")


def is_member(_tree: FileTree, folder: str, path: str) -> bool:
    """True if the list `path` is of the module in `folder`."""
    return path == (f"{folder}/{_LIST}" if folder else _LIST)


def read(tree: FileTree, path: str) -> Locked:
    """Read a modules.txt. A module in the place of another counts as itself, a folder has no version."""
    return locked(LockfilePlace("Go", path), _entries(read_text(tree, path), path))


def _entries(text: str, path: str) -> Iterator[LockEntry]:
    for number, row in enumerate(text.split("\n"), 1):
        said = row.rstrip()
        if not said.startswith("# "):
            continue  # the packages of a module, and what is said of it
        found = _MODULE.fullmatch(said)
        if found is None:
            raise unparsable(path, "a module is written as: # name version", number)
        is_folder = found["other"] is not None and found["other_version"] is None
        if found["version"] is None and found["other_version"] is None:
            continue  # a replacement that go.mod states and nothing here uses
        name = found["other"] if found["other_version"] else found["name"]
        version = None if is_folder else found["other_version"] or found["version"]
        yield LockEntry(name=name, version=version, line=number)
