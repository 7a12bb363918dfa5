"""A lockfile in one line: `locked({"go.mod": "…"})` reads the first of the files."""

from collections.abc import Callable

import pytest

from gate.inventory.discovery import read_lockfile
from gate.inventory.lockfile import Locked
from gate.model import Tree
from gate.trees import open_tree

Files = dict[str, str | bytes]


@pytest.fixture
def locked(make_tree: Callable[[Files], Tree]) -> Callable[[Files], Locked]:
    """Return a function that writes files and reads the first of them as a lockfile."""

    def read(files: Files) -> Locked:
        open_tree.cache_clear()
        return read_lockfile(next(iter(files)), make_tree(files))

    return read
