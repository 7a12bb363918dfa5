"""A tree's files as programs look for them, links followed and folders listed; made for very many look-ups."""

from collections import deque
from collections.abc import Callable, Hashable, Iterator
from functools import partial
from typing import TypeVar, cast

import msgspec

from gate.core.errors import LimitError
from gate.trees import Entry, EntryKind, FileTree, resolve
from gate.trees.base import MAX_LINKS, join
from gate.trees.memo import Analysis, analysed

Cached = TypeVar("Cached")
Result = TypeVar("Result")
MAX_FILE = 256 << 20
"""Bytes of one file at most."""
MAX_BYTES = 4 << 30
"""Bytes of all files that are read, together, at most."""
MAX_TEXT = 32 << 20
"""Bytes of a script or settings file at most."""


class _Last(msgspec.Struct, frozen=True):
    """The file that was read last."""

    path: str
    size: int
    content: bytes | None
    """None if an analysis of it came from the cache, so that it was not read."""


class Files:
    """The files of a tree, indexed for the look-ups along search paths."""

    def __init__(self, tree: FileTree) -> None:
        self._tree = tree
        self._entries: dict[str, Entry] = {}
        self._children: dict[str, list[str]] = {"": []}
        self._real_folders: dict[str, str | None] = {"": ""}
        self._cached: dict[Hashable, object] = {}
        self._bytes = 0
        self._last = _Last("", 0, None)
        """Kept because several analysers read the same file one after the other."""
        for entry in tree.walk():
            self._entries[entry.path] = entry
            self._list(entry.path)

    def _list(self, path: str) -> None:
        """Add `path` to its folder's children, and each new folder to those of the folder above."""
        while path:
            folder, _, name = path.rpartition("/")
            is_known = folder in self._children
            self._children.setdefault(folder, []).append(name)
            if is_known:
                return
            path = folder

    def look_up(self, path: str) -> Entry | None:
        """Return the entry with exactly this path, as `FileTree.look_up` does."""
        entry = self._entries.get(path)
        if entry is None and path in self._children:
            return Entry(path=path, kind=EntryKind.FOLDER)
        return entry

    def walk(self) -> Iterator[Entry]:
        """Yield every leaf."""
        return iter(self._entries.values())

    def read(self, path: str, limit: int = MAX_FILE) -> bytes:
        """Return the bytes of a file, as `FileTree.read` does. Raises LimitError above MAX_BYTES for all files."""
        content = self._content_of(path, limit)
        if content is None:
            content = self._tree.read(path, limit)
            self._take(_Last(path, len(content), content), limit)
        return content

    def read_again(self, path: str) -> bytes:
        """Return the bytes of a file that was read before; they are not counted again."""
        content = self._content_of(path, MAX_FILE)
        return self._tree.read(path, MAX_FILE) if content is None else content

    def analysed(
        self, path: str, analysis: Analysis[Result], limit: int = MAX_FILE, content: bytes | None = None
    ) -> Result:
        """Return the result of an analysis of a file, as `gate.trees.memo.analysed` does; raises as `read`.

        A result from the cache counts the file's bytes too, so that a cache does not change where the limit is reached.
        """
        known = content if content is not None else self._content_of(path, limit)
        seen = [] if known is None else [known]

        def analyse(content: bytes) -> Result:
            seen.append(content)
            return analysis.function(content)

        result = analysed(self._tree, path, msgspec.structs.replace(analysis, function=analyse), limit, known)
        entry = self.find(path)
        assert entry is not None
        self._take(_Last(path, entry.size, seen[0] if seen else None), limit)
        return result

    def analysed_again(self, path: str, analysis: Analysis[Result]) -> Result:
        """Return the result of an analysis of a file that was read before; its bytes are not counted again."""
        return analysed(self._tree, path, analysis, MAX_FILE, self._content_of(path, MAX_FILE))

    def _content_of(self, path: str, limit: int) -> bytes | None:
        """Return the bytes of `path` if it is the file that was read last, else None."""
        return self._last.content if self._last.path == path and self._last.size <= limit else None

    def _take(self, file: _Last, limit: int) -> None:
        if self._last.path != file.path or self._last.size > limit:
            self._bytes += file.size
        self._last = file
        if self._bytes > MAX_BYTES:
            raise LimitError(f"more than {MAX_BYTES:,} bytes would be read to know what is in use", path=file.path)

    def starts_with(self, path: str, magic: bytes) -> bool:
        """True if `path` leads to a file whose first bytes are `magic`. Raises as `read` does."""
        entry = self.find(path)
        if entry is None:
            return False
        analysis = Analysis("starts with", bool, partial(_begins, magic), (magic.hex(),), is_cheap=True)
        return self.cached((_begins, magic, entry.path), lambda: self.analysed(entry.path, analysis))

    def text(self, path: str) -> str:
        """Return the text of a script or settings file; bytes that are no UTF-8 are replaced."""
        return self.read(path, MAX_TEXT).decode("utf-8", "replace")

    def find(self, path: str) -> Entry | None:
        """Return the file that `path` leads to (a leading `/` is allowed), or None if there is none."""
        folder, _, name = path.strip("/").rpartition("/")
        entry = self._child(self._real_folder(folder), name)
        if entry is None or entry.kind is not EntryKind.FILE:
            entry = resolve(self, path) if entry or name in ("", ".", "..") else None
        return entry if entry is not None and entry.kind is EntryKind.FILE else None

    def real(self, path: str) -> str:
        """Return the path of the file that `path` leads to, links followed; `path` itself where there is none."""
        entry = self.find(path)
        return path if entry is None else entry.path

    def _child(self, real_folder: str | None, name: str) -> Entry | None:
        """Return the leaf `name` of a folder, whose path holds no links (None: there is no such folder)."""
        if real_folder is None:
            return None
        return self._entries.get(f"{real_folder}/{name}" if real_folder else name)

    def folder(self, path: str) -> str | None:
        """Return the folder that `path` leads to, links followed, or None if there is none."""
        return self._real_folder(path.strip("/"))

    def names(self, folder: str) -> list[str]:
        """Return the names in a folder, sorted; none if it is not there."""
        real = self._real_folder(folder.strip("/"))
        return [] if real is None else sorted(self._children.get(real, ()))

    def below(self, folder: str, enters: Callable[[str], bool] = lambda path: True) -> Iterator[str]:
        """Yield the paths of all that lies in a folder, then in those in it, and so on; none if it is not there.

        A folder that `enters` is False for, and what a link leads to, is not gone into.
        """
        real = self.folder(folder)
        todo = deque([] if real is None else [real])
        while todo:
            place = todo.popleft()
            for name in self.names(place):
                path = f"{place}/{name}".lstrip("/")
                yield path
                if self._real_folder(path) == path and enters(path):
                    todo.append(path)

    def cached(self, key: Hashable, make: Callable[[], Cached]) -> Cached:
        """Return what `make` returned for this tree and `key`; it is called the first time only."""
        if key not in self._cached:
            self._cached[key] = make()
        return cast(Cached, self._cached[key])

    def is_cached(self, key: Hashable) -> bool:
        """True if `cached` was called with `key` before."""
        return key in self._cached

    def links(self, path: str) -> list[str]:
        """Return the links that are followed on the way from `path` to a file, outermost first; MAX_LINKS at most."""
        way: list[str] = []
        at: str | None = path.strip("/")
        while at and len(way) < MAX_LINKS:
            folder, _, name = at.rpartition("/")
            real = self._real_folder(folder)
            entry = self._child(real, name)
            if real is None or entry is None or entry.kind is not EntryKind.LINK:
                break
            way.append(entry.path)
            at = join(real, entry.link or "")
        return way

    def _real_folder(self, path: str) -> str | None:
        if path not in self._real_folders:
            entry = resolve(self, path)
            is_root = entry is None and join("", path) == ""
            found = entry.path if entry and entry.kind is EntryKind.FOLDER else None
            self._real_folders[path] = "" if is_root else found
        return self._real_folders[path]


def _begins(magic: bytes, content: bytes) -> bool:
    return content.startswith(magic)
