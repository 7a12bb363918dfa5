"""A tree's files as programs look for them: links followed, folders listed, many look-ups."""

from collections.abc import Callable, Hashable, Iterator
from functools import partial
from typing import TypeVar, cast

import msgspec

from gate.core.errors import LimitError
from gate.trees import Entry, EntryKind, FileTree, resolve
from gate.trees.base import join
from gate.trees.memo import Analysis, analysed

Kept = TypeVar("Kept")
Result = TypeVar("Result")
MAX_FILE = 256 << 20
"""Bytes of one file."""
MAX_BYTES = 4 << 30
"""Bytes of all files that are read."""
MAX_TEXT = 8 << 20
"""Bytes of a script or setting."""


class _Last(msgspec.Struct, frozen=True):
    """The file that was asked for last."""

    path: str
    size: int
    content: bytes | None
    """None if it was not read."""


class Files:
    """What is in a tree; made for the many look-ups along search paths."""

    def __init__(self, tree: FileTree) -> None:
        self._tree = tree
        self._entries: dict[str, Entry] = {}
        self._children: dict[str, list[str]] = {"": []}
        self._real_folders: dict[str, str | None] = {"": ""}
        self._kept: dict[Hashable, object] = {}
        self._bytes = 0
        self._last = _Last("", 0, None)
        """Several analysers look at a file one after the other."""
        for entry in tree.walk():
            self._entries[entry.path] = entry
            self._list(entry.path)

    def _list(self, path: str) -> None:
        """Enter `path` among its folder's children, and each folder that is new among its own folder's."""
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
        """Return the bytes of a file, as `FileTree.read` does. Raises LimitError when all in all is too much."""
        content = self._content_of(path, limit)
        if content is None:
            content = self._tree.read(path, limit)
            self._take(_Last(path, len(content), content), limit)
        return content

    def read_again(self, path: str) -> bytes:
        """Return the bytes of a file that was asked for before, which count once."""
        return self._tree.read(path, MAX_FILE)

    def analysed(
        self, path: str, analysis: Analysis[Result], limit: int = MAX_FILE, content: bytes | None = None
    ) -> Result:
        """Return the answer for a file, as `gate.trees.memo.analysed` does; bounded as `read` is.

        What is not read, as it was told before, counts too: the bounds are no others with a cache than without.
        """
        known = content if content is not None else self._content_of(path, limit)
        seen = [] if known is None else [known]

        def tell(content: bytes) -> Result:
            seen.append(content)
            return analysis.function(content)

        answer = analysed(self._tree, path, msgspec.structs.replace(analysis, function=tell), limit, known)
        entry = self.find(path)
        assert entry is not None
        self._take(_Last(path, entry.size, seen[0] if seen else None), limit)
        return answer

    def _content_of(self, path: str, limit: int) -> bytes | None:
        """Return the bytes of the file that was read last, if that is the one."""
        return self._last.content if self._last.path == path and self._last.size <= limit else None

    def _take(self, file: _Last, limit: int) -> None:
        if self._last.path != file.path or self._last.size > limit:
            self._bytes += file.size
        self._last = file
        if self._bytes > MAX_BYTES:
            raise LimitError(f"more than {MAX_BYTES:,} bytes would be read to tell what is in use", path=file.path)

    def starts_with(self, path: str, magic: bytes) -> bool:
        """True if `path` leads to a file whose first bytes are `magic`. Raises as `read` does."""
        analysis = Analysis("starts with", bool, partial(_begins, magic), (magic.hex(),))
        return self.find(path) is not None and self.analysed(path.strip("/"), analysis)

    def text(self, path: str) -> str:
        """Return a script's or setting's text; what is no UTF-8 is replaced."""
        return self.read(path, MAX_TEXT).decode("utf-8", "replace")

    def find(self, path: str) -> Entry | None:
        """Return the file that `path` leads to (a leading `/` is allowed), or None if there is none."""
        folder, _, name = path.strip("/").rpartition("/")
        real = self._real_folder(folder)
        entry = None if real is None else self._entries.get(f"{real}/{name}" if real else name)
        if entry is None or entry.kind is not EntryKind.FILE:
            entry = resolve(self, path) if entry or name in ("", ".", "..") else None
        return entry if entry is not None and entry.kind is EntryKind.FILE else None

    def folder(self, path: str) -> str | None:
        """Return the folder that `path` leads to, links followed, or None if there is none."""
        return self._real_folder(path.strip("/"))

    def names(self, folder: str) -> list[str]:
        """Return the names in a folder, sorted; none if it is not there."""
        real = self._real_folder(folder.strip("/"))
        return [] if real is None else sorted(self._children.get(real, ()))

    def kept(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """Return what was worked out of this tree under `key`; `make` is called the first time."""
        if key not in self._kept:
            self._kept[key] = make()
        return cast(Kept, self._kept[key])

    def links(self, path: str) -> list[str]:
        """Return the links that are followed on the way from `path` to a file, outermost first, without it."""
        way: list[str] = []
        at: str | None = path.strip("/")
        while at and len(way) < 40:
            folder, _, name = at.rpartition("/")
            real = self._real_folder(folder)
            entry = None if real is None else self._entries.get(f"{real}/{name}" if real else name)
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
