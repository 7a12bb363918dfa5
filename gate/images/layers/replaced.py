"""`ReplacedTree`: the files of an image's layers as they were before later layers replaced or removed them."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from gate.images.layers.merged import HiddenFile, LayeredTree
from gate.trees import Entry, EntryKind, FileTree
from gate.trees.base import MAX_FILE_SIZE
from gate.trees.memo import Analysis

Result = TypeVar("Result")


class ReplacedTree(FileTree):
    """For a path that layers hid, the last hidden file; for other paths, the file that containers see."""

    def __init__(self, tree: LayeredTree, hidden: Iterable[HiddenFile]) -> None:
        self._tree = tree
        self._hidden = {file.entry.path: file for file in sorted(hidden, key=lambda one: one.layer)}
        self._folders = {folder for path in self._hidden for folder in _folders_of(path)}

    def walk(self) -> Iterator[Entry]:
        for path in sorted(self._hidden):
            yield self._hidden[path].entry
        for entry in self._tree.walk():
            if entry.path not in self._hidden:
                yield entry

    def look_up(self, path: str) -> Entry | None:
        if path in self._hidden:
            return self._hidden[path].entry
        seen = self._tree.look_up(path)
        return Entry(path=path, kind=EntryKind.FOLDER) if seen is None and path in self._folders else seen

    def read(self, path: str, limit: int = MAX_FILE_SIZE) -> bytes:
        hidden = self._hidden.get(path)
        return self._tree.read_hidden(hidden, limit) if hidden else self._tree.read(path, limit)

    def analysed(self, path: str, analysis: Analysis[Result], limit: int, content: bytes | None = None) -> Result:
        hidden = self._hidden.get(path)
        if hidden is None:
            return self._tree.analysed(path, analysis, limit, content)
        return self._tree.analysed_hidden(hidden, analysis, limit)


def _folders_of(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path
