"""All of a tree that starts something or speaks to an agent, file by file."""

from collections.abc import Callable, Iterator

import msgspec

from gate.core.errors import GateError, as_stage_error
from gate.core.source_text import decode
from gate.trees import FileTree
from gate.trees.base import ListedTree
from gate.workspace.discovery import KnownPlace, places_in
from gate.workspace.model import Entry, ReadFile
from gate.workspace.readers import load_reader
from gate.workspace.readers.reading import MAX_SIZE, is_template

MAX_FILES = 20_000
"""Files that are read at most; the largest repositories that were looked at have some hundreds."""


class Workspace(msgspec.Struct, frozen=True):
    """What the files of a tree say, and how many were read or left out."""

    read: tuple[ReadFile, ...] = ()
    excluded: int = 0

    @property
    def entries(self) -> list[Entry]:
        """All that was found, file by file."""
        return [entry for one in self.read for entry in one.entries]

    @property
    def notes(self) -> list[str]:
        """What is not known of files of known places."""
        return [note for one in self.read for note in one.notes]


def read_workspace(tree: FileTree, is_wanted: Callable[[str], bool]) -> Workspace:
    """Read every file of a known place that is wanted; one that cannot be read is an error of its own."""
    read: list[ReadFile] = []
    excluded = 0
    for place in places_in(_paths(tree)):
        if not is_wanted(place.path):
            excluded += 1
        elif len(read) >= MAX_FILES:
            read.append(ReadFile(notes=(f"{place.path}: not read, as {MAX_FILES:,} files were read before",)))
            break
        else:
            read.append(_read(tree, place))
    return Workspace(tuple(read), excluded)


def _paths(tree: FileTree) -> Iterator[str]:
    if isinstance(tree, ListedTree):
        yield from tree.paths()
    else:
        yield from (entry.path for entry in tree.walk())


def _read(tree: FileTree, place: KnownPlace) -> ReadFile:
    if not place.format:
        return ReadFile(notes=(f"{place.path}: its format is unknown, so what it starts is unknown too",))
    try:
        return load_reader(place.format).read(tree, place.path)
    except GateError as error:
        return _unread(tree, place, error)


def _unread(tree: FileTree, place: KnownPlace, error: GateError) -> ReadFile:
    """Return the error of a file, or a note where it is a template and its owner cannot change that."""
    if _is_link(tree, place.path):
        return ReadFile(notes=(f"{place.path}: a link that leads to no file",))
    try:
        if is_template(decode(tree.read(place.path, MAX_SIZE)).text):
            return ReadFile(notes=(f"{place.path}: a template, so what it starts is not known",))
    except GateError:
        pass
    return ReadFile(errors=(as_stage_error(error, place.path),))


def _is_link(tree: FileTree, path: str) -> bool:
    entry = tree.look_up(path)
    return entry is not None and entry.kind.value != "file"
