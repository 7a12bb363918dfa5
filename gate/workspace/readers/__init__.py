"""The readers: a module a format of `gate/workspace/formats.py`, each of the shape of `WorkspaceReader`."""

from importlib import import_module
from typing import Protocol, cast

from gate.trees import FileTree
from gate.workspace.model import ReadFile


class WorkspaceReader(Protocol):
    """A module that reads the files of one format. It starts nothing."""

    def read(self, tree: FileTree, path: str) -> ReadFile:
        """Read one file. Raises GateError if it cannot be read as what its place says."""


def load_reader(name: str) -> WorkspaceReader:
    """Import the module that reads one of `FORMATS`."""
    return cast(WorkspaceReader, import_module(f"gate.workspace.readers.{name}"))
