"""A tree in which some files have another content, to see what a change would be judged as before it is written."""

from collections.abc import Iterator, Mapping

import msgspec

from gate.core.errors import LimitError
from gate.trees.base import MAX_FILE_SIZE, ClonedTree, Entry, FileTree, resolve


class PreviewTree:
    """The files of `tree`, of which those in `replaced` (path to content) have another content."""

    def __init__(self, tree: FileTree, replaced: Mapping[str, bytes]) -> None:
        self._tree = tree
        self._replaced = replaced

    def walk(self) -> Iterator[Entry]:
        return map(self._as_replaced, self._tree.walk())

    def look_up(self, path: str) -> Entry | None:
        entry = self._tree.look_up(path)
        return None if entry is None else self._as_replaced(entry)

    def _as_replaced(self, entry: Entry) -> Entry:
        content = self._replaced.get(entry.path)
        return entry if content is None else msgspec.structs.replace(entry, size=len(content), content_id=None)

    def cloned_from(self) -> str | None:
        return self._tree.cloned_from() if isinstance(self._tree, ClonedTree) else None

    def read(self, path: str, limit: int = MAX_FILE_SIZE) -> bytes:
        entry = resolve(self._tree, path)
        content = self._replaced.get(entry.path) if entry else None
        if content is None:
            return self._tree.read(path, limit)
        if len(content) > limit:
            raise LimitError(f"has {len(content):,} bytes; at most {limit:,} are read", path=path)
        return content
