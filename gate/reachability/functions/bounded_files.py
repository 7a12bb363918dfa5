"""Files that a search reads once each, within bounds of one and of all together."""

from collections.abc import Mapping

from gate.core.errors import GateError, LimitError
from gate.trees import FileTree


class BoundedFiles:
    """Bytes of a tree's files, and of texts that are in no file; what cannot be read is in `unread`."""

    def __init__(self, tree: FileTree, most: int, most_together: int, given: Mapping[str, bytes] | None) -> None:
        """Take the most bytes of a file, those of all together, and the texts that are in no file, by name."""
        self._tree = tree
        self._most, self._most_together = most, most_together
        self._read = 0
        self._contents: dict[str, bytes] = dict(given or {})
        self.unread: dict[str, str] = {}
        """Why a file cannot be read, by its path."""

    def content(self, path: str) -> bytes:
        """Return a file's bytes, empty if it cannot be read. Raises LimitError if too much is read then."""
        if path not in self._contents:
            content = b""
            try:
                content = self._tree.read(path, self._most)
            except GateError as error:
                self.unread[path] = error.message
            self._read += len(content)
            if self._read > self._most_together:
                raise LimitError(f"more than {self._most_together:,} bytes of sources")
            self._contents[path] = content
        return self._contents[path]
