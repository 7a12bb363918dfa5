"""`FileTree`, the interface by which all files are read: of a folder, a git revision or an image.

Paths inside a tree are text: relative, `/` between the parts, no `.` or `..`. A byte that is not UTF-8, and a
backslash, is written `\\xNN`, so that every path can be shown and stored, and turned back into the same bytes.
"""

import enum
import posixpath
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product
from typing import Protocol, runtime_checkable

import msgspec

from gate.core.errors import GateError, LimitError, UnreadableError
from gate.core.lazy_regex import lazy_regex

MAX_FILE_SIZE = 256 << 20
"""Bytes that `read` returns at most unless the caller asks for less."""
MAX_LINKS = 40
"""Symbolic links followed for one path, as in Linux (path_resolution(7))."""
_ESCAPE = lazy_regex(r"\\x([0-9a-f]{2})")
"""A byte as `shown` writes it."""


class EntryKind(enum.Enum):
    """The kind of an entry."""

    FILE = "file"
    LINK = "link"
    FOLDER = "folder"
    OTHER = "other"
    """A device, socket, named pipe or submodule: never read."""


_KIND_NAMES = {EntryKind.FOLDER: "a folder", EntryKind.OTHER: "a pipe, device or repository of its own"}


class Entry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A file, folder, link or other name in a tree.

    It is `gc=False`, because an image's tree may hold hundreds of thousands, and none refers to another.
    """

    path: str
    kind: EntryKind
    size: int = 0
    mode: int = 0
    """Permission bits."""
    link: str | None = None
    """Where a link points to, as it is written there."""
    content_id: str | None = None
    """Git's blob id of the content, where it is known without reading it."""
    origin: str | None = None
    """Diff id of the image layer that holds it; None outside of images."""
    offset: int | None = None
    """Where a file's content starts in that layer, in bytes."""

    @property
    def place(self) -> tuple[str, int] | None:
        """Layer and offset, which identify a file's content without reading it; None outside of images."""
        return None if self.origin is None or self.offset is None else (self.origin, self.offset)


class FileTree(Protocol):
    """A set of files that can be listed and read; no path or link leads out of it."""

    def walk(self) -> Iterator[Entry]:
        """Yield every file, link and other leaf, sorted by path; folders may be left out."""

    def look_up(self, path: str) -> Entry | None:
        """Return the entry with exactly this path, without following links; None if there is none."""

    def read(self, path: str, limit: int = MAX_FILE_SIZE) -> bytes:
        """Return the bytes of the file that `path` resolves to.

        Raises UnreadableError if it is no file in this tree, LimitError if it has more than `limit` bytes.
        """


@runtime_checkable
class ListedTree(FileTree, Protocol):
    """A tree that knows the paths of its leaves before it looks at any of them."""

    def paths(self) -> Iterator[str]:
        """Yield the paths of what `walk` yields, in the same order."""

    def files(self) -> Iterator[str]:
        """Yield those that are paths of regular files."""

    def contents(self, paths: Iterable[str], limit: int) -> Iterator[tuple[str, bytes | None]]:
        """Yield each path, in any order, with the bytes of the file; None if it cannot be read or has more bytes."""


@runtime_checkable
class ChosenTree(FileTree, Protocol):
    """A tree that knows the names of its leaves before it looks at any of them."""

    def walk_chosen(self, choose: Callable[[Sequence[str]], Iterable[str]]) -> Iterator[Entry]:
        """Yield what `walk` yields of the paths that `choose` returns, given all of them."""


@runtime_checkable
class ClonedTree(FileTree, Protocol):
    """A tree of a git repository."""

    def cloned_from(self) -> str | None:
        """Return the address of the remote `origin`, credentials and all; None if there is none."""


_LONGEST_TAIL = 4


class NameHint(msgspec.Struct, frozen=True):
    """What some of the wanted paths have in common; both are given in small letters, and matched in any case."""

    words: tuple[str, ...] = ()
    """They contain one of these; none given: any path does."""
    endings: tuple[str, ...] = ("",)
    """And they end with one of these."""


def file_paths(tree: FileTree) -> list[str]:
    """Return the paths of the regular files, sorted; in a ListedTree none of them is looked at."""
    if isinstance(tree, ListedTree):
        return list(tree.files())
    return [entry.path for entry in tree.walk() if entry.kind is EntryKind.FILE]


def contents_of(tree: FileTree, paths: Iterable[str], limit: int) -> Iterator[tuple[str, bytes | None]]:
    """Yield each path, in any order, with the bytes of the file; None if it cannot be read or has more than `limit`."""
    if isinstance(tree, ListedTree):
        yield from tree.contents(paths, limit)
        return
    for path in paths:
        try:
            yield path, tree.read(path, limit)
        except GateError:
            yield path, None


def walk_named(tree: FileTree, wants: Callable[[str], bool], *hints: NameHint) -> Iterator[Entry]:
    """Yield the entries of `tree.walk()` whose paths `wants` accepts.

    In a ListedTree or a ChosenTree the other entries are never made. `hints` make the search faster: every wanted path
    has to match one of them; `wants` is not called for other paths.
    """
    if isinstance(tree, ChosenTree):
        yield from tree.walk_chosen(lambda paths: filter(wants, paths_matching(paths, hints)))
        return
    if not isinstance(tree, ListedTree):
        yield from (entry for entry in tree.walk() if wants(entry.path))
        return
    for path in filter(wants, paths_matching(list(tree.paths()), hints)):
        entry = tree.look_up(path)
        assert entry is not None
        yield entry


def paths_matching(paths: Sequence[str], hints: Sequence[NameHint]) -> Sequence[str]:
    """Return the paths that may match one of the hints, in their order."""
    found = [_with_a_word(_with_an_ending(paths, hint.endings), hint.words) for hint in hints]
    if len(found) < 2:
        return found[0] if found else paths
    some = set().union(*found)
    return [path for path in paths if path in some]


def _with_an_ending(paths: Sequence[str], endings: Sequence[str]) -> Sequence[str]:
    """Return the paths that may end with one of `endings`, by as many characters as the shortest has, or a few."""
    length = min(_LONGEST_TAIL, *map(len, endings))
    if not length or not "".join(paths).isascii():  # where another letter may equal one of ASCII in small letters
        return paths
    tails = {tail for ending in endings for tail in _in_any_case(ending[-length:])}
    return [path for path in paths if path[-length:] in tails]


def _in_any_case(text: str) -> Iterator[str]:
    return map("".join, product(*({sign.lower(), sign.upper()} for sign in text)))


def _with_a_word(paths: Sequence[str], words: Sequence[str]) -> Sequence[str]:
    """Return the paths that contain one of the words: all are searched as one text, which takes a tenth of the time."""
    text = "\0".join((*paths, ""))
    if not words or not text.isascii():  # `lower` may change the length of such a text, and with it the places
        return paths
    lowered, found = text.lower(), dict[int, int]()
    for word in words:
        place = lowered.find(word)
        while place >= 0:
            end = text.index("\0", place)
            found[text.rfind("\0", 0, place) + 1] = end
            place = lowered.find(word, end)
    return [text[start : found[start]] for start in sorted(found)]


def shown(raw: bytes) -> str:
    """Return a file name's bytes as text that can be shown and stored; `raw_name` is the inverse."""
    return raw.replace(b"\\", b"\\x5c").decode("utf-8", "backslashreplace")


def raw_name(path: str) -> bytes:
    """Return a path of a tree as the bytes of the file system."""
    if "\\" not in path:
        return path.encode()
    # `split` returns texts and, at the odd places, what the pattern's group matched.
    parts = enumerate(_ESCAPE.split(path))
    return b"".join(bytes.fromhex(part) if index % 2 else part.encode() for index, part in parts)


def join(folder: str, relative: str) -> str | None:
    """Return the path that `relative` means in `folder`, or None if it leads out of the tree."""
    path = posixpath.normpath(posixpath.join(folder, relative)).lstrip("/")
    if path == ".." or path.startswith("../"):
        return None
    return "" if path == "." else path


def resolve(tree: FileTree, path: str) -> Entry | None:
    """Return the entry that `path` leads to inside `tree`, links followed.

    It is None if the path leads to nothing, out of the tree, or through more than MAX_LINKS links.
    """
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
        if target.startswith("/"):  # an absolute link starts again at the tree's root
            done = []
        todo.extend([step for step in target.split("/") if step not in ("", ".")][::-1])
    return look_up("/".join(done)) if done else None


def resolve_file(tree: FileTree, path: str, limit: int) -> Entry:
    """Resolve `path` to a regular file of at most `limit` bytes, or raise as `FileTree.read` does."""
    entry = resolve(tree, path)
    if entry is None:
        raise UnreadableError("no such file in this tree", path=path)
    if entry.kind is not EntryKind.FILE:
        raise UnreadableError(f"is {_KIND_NAMES[entry.kind]}, not a file", path=path)
    if entry.size > limit:
        raise LimitError(f"has {entry.size:,} bytes; at most {limit:,} are read", path=path)
    return entry
