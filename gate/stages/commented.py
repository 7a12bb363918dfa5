"""A tree that notes the gate's own comments in what is read of it, so that no file is read again for them."""

from collections.abc import Iterable, Iterator, Mapping

from gate.core.source_text import decode
from gate.rules.comments import MARK, ignored_rules
from gate.trees import Entry, FileTree
from gate.trees.base import MAX_FILE_SIZE, ListedTree, contents_of, file_paths

_MARK = MARK.encode()


class CommentedTree:
    """Another tree as it is; `comments` has by path what `ignored_rules` says of the files that were read."""

    def __init__(self, tree: FileTree) -> None:
        self._tree = tree
        self.comments: dict[str, Mapping[int, Mapping[str, str]]] = {}

    def walk(self) -> Iterator[Entry]:
        return self._tree.walk()

    def paths(self) -> Iterator[str]:
        if isinstance(self._tree, ListedTree):
            return self._tree.paths()
        return (entry.path for entry in self._tree.walk())

    def files(self) -> Iterator[str]:
        return iter(file_paths(self._tree))

    def contents(self, paths: Iterable[str], limit: int) -> Iterator[tuple[str, bytes | None]]:
        for path, content in contents_of(self._tree, paths, limit):
            self._note(path, content or b"")
            yield path, content

    def look_up(self, path: str) -> Entry | None:
        return self._tree.look_up(path)

    def read(self, path: str, limit: int = MAX_FILE_SIZE) -> bytes:
        content = self._tree.read(path, limit)
        self._note(path, content)
        return content

    def _note(self, path: str, content: bytes) -> None:
        if _MARK in content and path not in self.comments:
            self.comments[path] = ignored_rules(decode(content).text)
