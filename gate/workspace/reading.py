"""All of a tree that starts something or speaks to an agent, file by file."""

import posixpath
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

import msgspec

from gate.core.errors import GateError, as_stage_error
from gate.core.lazy_regex import lazy_regex
from gate.core.source_text import decode
from gate.rules.worth import where_no_finding_stops
from gate.trees import EntryKind, FileTree
from gate.trees.base import ListedTree
from gate.workspace.discovery import KnownPlace, places_in
from gate.workspace.makefiles import started_by_make
from gate.workspace.model import AutoStart, Entry, ReadFile
from gate.workspace.modelines import started_by_modelines
from gate.workspace.plain_contents import PlainContents
from gate.workspace.readers import load_reader
from gate.workspace.readers.reading import MAX_SIZE, is_template

MAX_FILES = 20_000
"""Files that are read at most; the largest repositories that were looked at have some hundreds."""

_BY_HAND = (".vscode/launch.json", ".vscode/extensions.json", ".zed/debug.json", ".sublime-project")
"""What a person starts, by programs that read as much of a broken file as they can."""
_TOML_1_1 = lazy_regex(r"=[ \t]*\{[ \t]*(?:#[^\n]*)?\n")
"""A table on one line that has several: tools read them since TOML 1.1, Python does not yet."""


class Workspace(msgspec.Struct, frozen=True):
    """What the files of a tree say, and how many were read or left out."""

    read: tuple[ReadFile, ...] = ()
    excluded: int = 0
    modelines_not_read: int = 0
    """Files whose modelines are not known: they are too large, or too many."""

    @property
    def entries(self) -> list[Entry]:
        """All that was found, file by file."""
        return [entry for one in self.read for entry in one.entries]

    @property
    def notes(self) -> list[str]:
        """What is not known of files of known places."""
        return [note for one in self.read for note in one.notes]


def read_workspace(tree: FileTree, is_wanted: Callable[[str], bool], plain: PlainContents | None = None) -> Workspace:
    """Read every file of a known place that is wanted; one that cannot be read is an error of its own.

    Of other files the modelines are read, but for contents that are known as `plain`.
    """
    read: list[ReadFile] = []
    excluded = 0
    paths = list(_paths(tree))
    places = list(places_in(paths))
    listed = sorted(place.path for place in places if place.format)
    for place in places:
        if not is_wanted(place.path):
            excluded += 1
        elif len(read) >= MAX_FILES:
            read.append(ReadFile(notes=(f"{place.path}: not read, as {MAX_FILES:,} files were read before",)))
            break
        else:
            read.append(_read(tree, place, listed))
    starts = [entry for one in read for entry in one.entries if isinstance(entry, AutoStart)]
    read += started_by_make(starts, tree, is_wanted)
    of_modelines, not_read = started_by_modelines(tree, paths, is_wanted, plain)
    return Workspace((*read, *of_modelines), excluded, not_read)


def _paths(tree: FileTree) -> Iterator[str]:
    if isinstance(tree, ListedTree):
        yield from tree.paths()
    else:
        yield from (entry.path for entry in tree.walk() if entry.kind is not EntryKind.OTHER)


def _read(tree: FileTree, place: KnownPlace, listed: Sequence[str]) -> ReadFile:
    entry = tree.look_up(place.path)
    if entry is not None and entry.kind is EntryKind.OTHER:
        return ReadFile(notes=(f"{place.path}: a repository of its own, or no file, so what it starts is not known",))
    link = _link(tree, place.path)
    if link is not None:
        return ReadFile(notes=() if _is_read_there(place.path, link, listed) else (f"{place.path}: a link to {link}",))
    if not place.format:
        return ReadFile(notes=(f"{place.path}: its format is unknown, so what it starts is unknown too",))
    try:
        return load_reader(place.format).read(tree, place.path)
    except GateError as error:
        return _unread(tree, place.path, error)


def _link(tree: FileTree, path: str) -> str | None:
    """Return where a link that is no file leads to; None for a file."""
    entry = tree.look_up(path)
    if entry is None or entry.kind is not EntryKind.LINK:
        return None
    try:
        tree.read(path, MAX_SIZE)
    except GateError:
        return entry.link or ""
    return None


def _is_read_there(path: str, link: str, listed: Sequence[str]) -> bool:
    """True if a link leads to a folder whose files are found by their own paths."""
    folder = posixpath.normpath(posixpath.join(posixpath.dirname(path), link)) + "/"
    place = bisect_left(listed, folder)
    return place < len(listed) and listed[place].startswith(folder)


def _unread(tree: FileTree, path: str, error: GateError) -> ReadFile:
    """Return the error of a file, or a note where it is of another format and its owner has nothing to change."""
    try:
        text = decode(tree.read(path, MAX_SIZE)).text
    except GateError:
        text = ""
    if is_template(text):
        return ReadFile(notes=(f"{path}: a template, so what it starts is not known",))
    if path.endswith(".toml") and _TOML_1_1.search(text):
        return ReadFile(notes=(f"{path}: TOML 1.1, which is not read yet, so what it starts is not known",))
    if path.endswith(_BY_HAND) or where_no_finding_stops(path):
        return ReadFile(notes=(f"{path}: cannot be read, so what it starts is not known",))
    return ReadFile(errors=(as_stage_error(error, path),))
