"""The formats that are read: a line a format. Each names a module of the shape of `WorkspaceReader`."""

from importlib import import_module
from typing import Protocol, cast

from gate.trees import FileTree
from gate.workspace.model import ReadFile

READERS: dict[str, str] = {
    "vscode": "gate.workspace.readers.vscode",
}
"""Name of a format to the module that reads it, in the order of the facts."""


class WorkspaceReader(Protocol):
    """A module that reads the files of one format. It starts nothing."""

    def is_file_of(self, path: str) -> bool:
        """True for a path that its program reads; asked for every file of a tree, so it has to be cheap."""

    def read(self, tree: FileTree, path: str) -> ReadFile:
        """Read one file. Raises GateError if it cannot be read as what its place says."""


def load_reader(name: str) -> WorkspaceReader:
    """Import one of `READERS`."""
    return cast(WorkspaceReader, import_module(READERS[name]))
