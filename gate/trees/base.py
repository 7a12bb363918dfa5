"""`FileTree`, the one door to bytes: what a folder, a git revision, an archive and an image have in common.

Paths inside a tree are text: relative, `/` between the parts, no `.` or `..`. A byte that is not UTF-8, and a
backslash, is written `\\xNN`, so that every path can be shown, stored and turned back into the very bytes.
"""

import enum
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol, runtime_checkable

import msgspec

from gate.core.errors import LimitError, UnreadableError

MAX_FILE_SIZE = 256 << 20
"""Bytes that `read` returns at most unless the caller asks for less."""
MAX_LINKS = 40
"""Symbolic links followed for one path, as in Linux (path_resolution(7))."""


class EntryKind(enum.Enum):
    """What an entry is."""

    FILE = "file"
    LINK = "link"
    FOLDER = "folder"
    OTHER = "other"
    """A device, socket, named pipe or submodule: never read."""


_WORDS = {EntryKind.FOLDER: "a folder", EntryKind.OTHER: "a pipe, device or repository of its own"}


class Entry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One name in a tree; of an image's, memory may hold hundreds of thousands."""

    path: str
    kind: EntryKind
    size: int = 0
    mode: int = 0
    """Permission bits."""
    link: str | None = None
    """Where a link points to, as it is written there."""
    content_id: str | None = None
    """Git's id of the bytes, where that is known without reading them."""
    origin: str | None = None
    """Diff id of the image layer that brought it."""
    offset: int | None = None
    """Where a file's bytes start in that layer."""

    @property
    def place(self) -> tuple[str, int] | None:
        """Layer and offset, which name a file's bytes without a look at them; None outside of images."""
        return None if self.origin is None or self.offset is None else (self.origin, self.offset)


class FileTree(Protocol):
    """A set of files that can be listed and read, and never left."""

    def walk(self) -> Iterator[Entry]:
        """Yield every file, link and other leaf in the order of their paths; folders may be left out."""

    def look_up(self, path: str) -> Entry | None:
        """Return the entry with exactly this path, links not followed; None if there is none."""

    def read(self, path: str, limit: int = MAX_FILE_SIZE) -> bytes:
        """Return the bytes of the file that `path` resolves to.

        Raises UnreadableError if it is no file in this tree, LimitError if it has more than `limit` bytes.
        """


@runtime_checkable
class ListedTree(FileTree, Protocol):
    """A tree that knows the paths of its leaves before it looks at any of them."""

    def paths(self) -> Iterator[str]:
        """Yield the paths of what `walk` yields, in the same order."""


@runtime_checkable
class ClonedTree(FileTree, Protocol):
    """A tree of a git repository."""

    def cloned_from(self) -> str | None:
        """Return the address of the remote `origin`, credentials and all; None if there is none."""


def walk_named(
    tree: FileTree, wants: Callable[[str], bool], words: Sequence[str] = (), endings: Sequence[str] = ("",)
) -> Iterator[Entry]:
    """Yield of what `walk` does the entries whose paths are wanted; the others are not made where they need not be.

    `words`: in small letters, one of which each wanted path has in some case. `endings`: it has one of these. The
    others are not even asked about.
    """
    if not isinstance(tree, ListedTree):
        yield from (entry for entry in tree.walk() if wants(entry.path))
        return
    paths = _with_an_ending(tree.paths(), endings)
    for path in filter(wants, _with_a_word(list(paths), words) if words else paths):
        entry = tree.look_up(path)
        assert entry is not None
        yield entry


def _with_an_ending(paths: Iterable[str], endings: Sequence[str]) -> Iterator[str]:
    """Yield the paths whose last characters are those of an ending, as many as the shortest has."""
    length = min(map(len, endings))
    tails = {ending[-length:] for ending in endings}
    return (path for path in paths if path[-length:] in tails) if length else iter(paths)


def _with_a_word(paths: Sequence[str], words: Sequence[str]) -> Iterator[str]:
    """Yield the paths that have one of the words: all are searched as one text, which takes a tenth of the time."""
    text = "\0".join((*paths, ""))
    if not text.isascii():  # its small letters need not stand in the same places, and others may equal ours
        yield from paths
        return
    lowered, found = text.lower(), dict[int, int]()
    for word in words:
        place = lowered.find(word)
        while place >= 0:
            end = text.index("\0", place)
            found[text.rfind("\0", 0, place) + 1] = end
            place = lowered.find(word, end)
    yield from (text[start : found[start]] for start in sorted(found))


_ESCAPE = re.compile(r"\\x([0-9a-f]{2})")


def shown(raw: bytes) -> str:
    """Turn a file name's bytes into text that can be shown and stored; `raw_name` turns it back."""
    return raw.replace(b"\\", b"\\x5c").decode("utf-8", "backslashreplace")


def raw_name(path: str) -> bytes:
    """Turn a path of a tree back into the bytes of the file system."""
    if "\\" not in path:
        return path.encode()
    return b"".join(
        bytes.fromhex(part) if index % 2 else part.encode() for index, part in enumerate(_ESCAPE.split(path))
    )


def join(folder: str, relative: str) -> str | None:
    """Return the path of `relative` as seen from `folder`, or None if it leaves the tree."""
    path = posixpath.normpath(posixpath.join(folder, relative)).lstrip("/")
    if path == ".." or path.startswith("../"):
        return None
    return "" if path == "." else path


def resolve(tree: FileTree, path: str) -> Entry | None:
    """Follow links from `path` inside `tree`; None if it leads nowhere, out of the tree, or in a circle."""
    return _resolve(tree.look_up, path)


def _resolve(look_up: Callable[[str], Entry | None], path: str) -> Entry | None:
    todo = [part for part in path.split("/") if part not in ("", ".")][::-1]
    done: list[str] = []
    links = 0
    entry: Entry | None = None
    while todo:
        part = todo.pop()
        if part == "..":
            if not done:
                return None
            done.pop()
            continue
        entry = look_up("/".join([*done, part]))
        if entry is None:
            return None
        if entry.kind is not EntryKind.LINK:
            done.append(part)
            continue
        links += 1
        target = entry.link or ""
        if links > MAX_LINKS or not target:
            return None
        if target.startswith("/"):
            done = []
        todo.extend([step for step in target.split("/") if step not in ("", ".")][::-1])
    return look_up("/".join(done)) if done else None


def resolve_file(tree: FileTree, path: str, limit: int) -> Entry:
    """Resolve `path` to a regular file of at most `limit` bytes, or raise as `FileTree.read` does."""
    entry = resolve(tree, path)
    if entry is None:
        raise UnreadableError("no such file in this tree", path=path)
    if entry.kind is not EntryKind.FILE:
        raise UnreadableError(f"is {_WORDS[entry.kind]}, not a file", path=path)
    if entry.size > limit:
        raise LimitError(f"has {entry.size:,} bytes; at most {limit:,} are read", path=path)
    return entry
