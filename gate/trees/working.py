"""A folder on disk: in a git repository the files that git tracks or would add, elsewhere every file."""

import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property

import msgspec

from gate.core.consulted import note_path
from gate.core.errors import LimitError, UnreadableError
from gate.core.read_counter import count_read
from gate.git import Repository
from gate.trees.base import MAX_FILE_SIZE, Entry, EntryKind, raw_name, resolve_file, shown
from gate.trees.index import names_in, vouched_in
from gate.trees.safe_open import Beneath

_NEVER_LISTED = frozenset({".git", ".hg", ".svn"})
_NOT_THERE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP})
"""Errors for a path that does not exist; any other error means that it exists and cannot be accessed."""
_GROWTH = 1 << 16
"""Bytes that are read at a time beyond the size that a file had; usually there are none."""


_MODES = {"100644": 0o644, "100755": 0o755}
"""Git's modes of regular files: the permissions of each."""

_stored_size: Callable[[Entry], int] = Entry.size.__get__  # type: ignore[attr-defined]


class ListedEntry(Entry, frozen=True, kw_only=True, gc=False):
    """An entry of a listing. A size says something of the content, so to ask for it is noted."""

    root: bytes | None = None
    """The folder, where the size is asked for when it is wanted; None: it is known."""

    @property  # type: ignore[misc]
    def size(self) -> int:
        note_path(self.path)
        return _stored_size(self) if self.root is None else _size_now(os.path.join(self.root, raw_name(self.path)))


class WorkingTree:
    """The files below `root` that belong to the project; no link leads a read out of `root`."""

    def __init__(self, root: str) -> None:
        self._root = os.fsencode(root)
        self._beneath = Beneath(self._root)
        self._repository = Repository.find(root)

    def walk(self) -> Iterator[Entry]:
        for name in self._names():
            yield from self._leaf(name, shown(name.rstrip(b"/")))

    def walk_chosen(self, choose: Callable[[Sequence[str]], Iterable[str]]) -> Iterator[Entry]:
        """Yield what `walk` does of the paths that `choose` returns of all; the others are not looked at."""
        names = self._names()
        paths = [shown(name.rstrip(b"/")) for name in names]
        chosen = frozenset(choose(paths))
        for name, path in zip(names, paths, strict=True):
            if path in chosen:
                yield from self._leaf(name, path)

    def _names(self) -> list[bytes]:
        names = names_in(self._repository, os.fsdecode(self._root)) if self._repository else self._list_folder()
        return sorted(set(names))

    def _leaf(self, name: bytes, path: str) -> Iterator[Entry]:
        mode = _MODES.get(self._vouched.get(path, ""))
        if mode is not None:  # a regular file, by git's word
            yield ListedEntry(path=path, kind=EntryKind.FILE, mode=mode, root=self._root)
            return
        entry = self._entry(path, ListedEntry)
        if entry is not None:
            if entry.kind is EntryKind.LINK:
                note_path(entry.path)  # where it leads is its content
            yield _as_leaf(entry)
        elif name in self._left_out:
            yield Entry(path=shown(name), kind=EntryKind.OTHER)

    @cached_property
    def _vouched(self) -> Mapping[str, str]:
        return vouched_in(os.fsdecode(self._root)) if self._repository else {}

    def _list_folder(self) -> Iterator[bytes]:
        todo = [b""]
        while todo:
            folder = todo.pop()
            with self._scan(folder) as found:
                for item in found:
                    name = folder + b"/" + item.name if folder else item.name
                    if not item.is_dir(follow_symlinks=False):
                        yield name
                    elif os.fsdecode(item.name) not in _NEVER_LISTED:
                        todo.append(name)

    def _scan(self, folder: bytes) -> AbstractContextManager[Iterator[os.DirEntry[bytes]]]:
        try:
            return os.scandir(os.path.join(self._root, folder))
        except OSError as error:
            raise UnreadableError(f"cannot be listed ({error.strerror})", path=shown(folder) or ".") from error

    @cached_property
    def _submodules(self) -> dict[str, str]:
        """The submodules by their paths, with the commits that the index has of them."""
        if self._repository is None or not os.path.lexists(os.path.join(self._root, b".gitmodules")):
            return {}
        listing = self._repository.list_submodules(os.fsdecode(self._root))
        return {shown(name): commit for name, commit in listing}

    @cached_property
    def _left_out(self) -> frozenset[bytes]:
        """Files that git tracks and a sparse checkout leaves out; asked for only when a file is missing."""
        if self._repository is None:
            return frozenset()
        return frozenset(self._repository.list_left_out(os.fsdecode(self._root)))

    def cloned_from(self) -> str | None:
        return self._repository.address_of("origin") if self._repository else None

    def _real(self, path: str) -> bytes:
        return os.path.join(self._root, raw_name(path))

    def look_up(self, path: str) -> Entry | None:
        note_path(path)
        return self._entry(path, Entry)

    def _entry(self, path: str, shape: type[Entry]) -> Entry | None:
        try:
            status = os.lstat(self._real(path))
        except ValueError:
            return None
        except OSError as error:
            if error.errno in _NOT_THERE:
                return None
            raise UnreadableError(f"cannot be looked at ({error.strerror})", path=path) from error
        kind = _kind(status.st_mode)
        if kind is EntryKind.FOLDER and path in self._submodules:
            return Entry(path=path, kind=EntryKind.OTHER, content_id=self._submodules[path])
        return shape(
            path=path,
            kind=kind,
            size=status.st_size,
            mode=stat.S_IMODE(status.st_mode),
            link=shown(os.readlink(self._real(path))) if kind is EntryKind.LINK else None,
        )

    def read(self, path: str, limit: int = MAX_FILE_SIZE) -> bytes:
        note_path(path)
        content = self._read_plain(path, limit)
        if content is None:  # behind a link, or not readable: then this raises the reason
            entry = self._resolved(path, limit)
            try:
                descriptor = os.open(self._real(entry.path), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
                with closing(descriptor):
                    content = _content(descriptor, entry.size, limit)
            except OSError as error:
                raise UnreadableError(f"cannot be read ({error.strerror})", path=path) from error
        count_read(files=1, size=len(content))
        if len(content) > limit:
            raise LimitError(f"grew beyond {limit:,} bytes while it was read", path=path)
        return content

    def _resolved(self, path: str, limit: int) -> Entry:
        try:
            return resolve_file(self, path, limit)
        except UnreadableError as error:
            if raw_name(path) not in self._left_out:
                raise
            hint = "Check it out, or leave it out by `paths` or `ignore` of the stage"
            raise UnreadableError("is not checked out (sparse checkout)", path=path, hint=hint) from error

    def _read_plain(self, path: str, limit: int) -> bytes | None:
        """Return the content of a regular file of at most `limit` bytes with no link on the way; None of any other."""
        descriptor = self._beneath.open(raw_name(path))
        if descriptor is None:
            return None
        try:
            status = os.fstat(descriptor)
            is_plain = stat.S_ISREG(status.st_mode) and status.st_size <= limit
            return _content(descriptor, status.st_size, limit) if is_plain else None
        except OSError:
            return None
        finally:
            os.close(descriptor)


def _size_now(place: bytes) -> int:
    """Return a file's size; 0 of one that is gone since it was listed, which who reads it says."""
    try:
        return os.lstat(place).st_size
    except OSError:
        return 0


def _as_leaf(entry: Entry) -> Entry:
    """Return an entry as `walk` yields it: a folder that git lists as one name is a repository of its own."""
    return msgspec.structs.replace(entry, kind=EntryKind.OTHER, size=0) if entry.kind is EntryKind.FOLDER else entry


@contextmanager
def closing(descriptor: int) -> Iterator[None]:
    """Close a descriptor at the end of a block."""
    try:
        yield
    finally:
        os.close(descriptor)


def _content(descriptor: int, size: int, limit: int) -> bytes:
    """Return the content of an open file, `limit + 1` bytes at most; `size` is what is expected."""
    content = os.read(descriptor, min(size, limit) + 1)
    if len(content) == size:  # one byte more was asked for, so this is the end
        return content
    while content and len(content) <= limit and (more := os.read(descriptor, min(_GROWTH, limit + 1 - len(content)))):
        content += more
    return content


def _kind(mode: int) -> EntryKind:
    if stat.S_ISREG(mode):
        return EntryKind.FILE
    if stat.S_ISLNK(mode):
        return EntryKind.LINK
    return EntryKind.FOLDER if stat.S_ISDIR(mode) else EntryKind.OTHER
