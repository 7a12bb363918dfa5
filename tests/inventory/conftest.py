"""A lockfile in one line: `locked({"go.mod": "…"})` reads the first of the files."""

from collections.abc import Callable

import pytest

from gate.core.errors import GateError, UnreadableError
from gate.inventory.discovery import read_lockfile
from gate.inventory.lockfile import Locked
from gate.model import Tree
from gate.trees import open_tree

Files = dict[str, str | bytes]


@pytest.fixture
def locked(make_tree: Callable[[Files], Tree]) -> Callable[[Files], Locked]:
    """Return a function that writes files and reads the first of them as a lockfile.

    What is no error of a run, a manifest that is none by its text, is one here.
    """

    def read(files: Files) -> Locked:
        open_tree.cache_clear()
        found = read_lockfile(next(iter(files)), make_tree(files))
        for note in found.unread:
            path, _, message = note.partition(": ")
            if message.startswith("cannot be parsed"):
                raise UnreadableError(message, path=path)
        return found

    return read


@pytest.fixture
def damaged(locked: Callable[[Files], Locked]) -> Callable[[Files], Locked | None]:
    """Return a function that reads what may be damaged; None if the damage is told as it should be."""

    def read(files: Files) -> Locked | None:
        try:
            return locked(files)
        except GateError as error:
            assert "cannot be parsed" in error.message  # noqa: PT017
            return None

    return read
