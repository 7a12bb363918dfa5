"""A lockfile format: `third-party.txt`, one Python package a line that the repository holds a copy of (`six 1.16.0`)."""

from gate.inventory.listing import Listing
from gate.inventory.lockfile import Locked, read_text, unparsable
from gate.trees import FileTree

PATTERNS = ("third-party.txt",)


def read(tree: FileTree, path: str) -> Locked:
    """Read the packages. Raises UnreadableError for a line that is none."""
    listing = Listing("PyPI", path)
    for number, line in enumerate(read_text(tree, path).splitlines(), 1):
        match line.partition("#")[0].split():
            case []:
                continue
            case [name, version]:
                listing.add(name, version, number)
            case _:
                raise unparsable(path, "a line is NAME VERSION", number)
    return listing.locked
