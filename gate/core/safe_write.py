"""Writing files safely: a path that the user names may lie anywhere, one that a repository names below its root.

A repository can hold symbolic links, by which a path that looks harmless leads to any file of the user. So no link
inside a checkout is ever followed on the way to a file that is written. Each folder is opened from the one above it,
and the file is made under a temporary name in its folder and renamed. All of this goes by descriptors, so that a path
cannot come to mean something else in between.
"""

import errno
import os
import stat
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import msgspec

from gate.core.errors import GateError

_MOST_LINKS = 40
"""Symbolic links followed for one path, as in Linux (path_resolution(7))."""
_FOLDER = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_FOLDER_MODE, _FILE_MODE = 0o777, 0o666
_GIT = ".git"
_SHORT_FORMS = frozenset({"git~1", "git~2"})
"""Short (8.3) names that a Windows file system may give to `.git`."""
_UNSEEN = dict.fromkeys((0x200C, 0x200D, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x206A, 0x2070), 0xFEFF))
"""Characters that a file system may leave out of names (HFS+), as git knows them."""


class LinkError(GateError):
    """A path leads through a symbolic link of a repository."""


class OpenPlace(msgspec.Struct, frozen=True):
    """A file, by the open folder that holds it and its name there."""

    folder: int
    """Descriptor."""
    name: str
    is_in_checkout: bool
    """True if it lies in a working tree of git, whose links are not followed."""


def write_user_path(path: str, content: bytes, *, makes_folders: bool = False) -> None:
    """Write a file that the user names, whole or not at all; a pipe or device is written to directly.

    With `makes_folders` missing folders are made. Raises LinkError if the path leads through a link inside a checkout,
    OSError if it cannot be written.
    """
    with ExitStack() as opened:
        place = _find(path, opened, makes_folders=makes_folders)
        if _is_special(place):
            flags = os.O_WRONLY | (os.O_NOFOLLOW if place.is_in_checkout else 0)
            with os.fdopen(os.open(place.name, flags, dir_fd=place.folder), "wb") as file:
                file.write(content)
        else:
            _write(place, content)


def resolve_user_path(path: str) -> str:
    """Return the real path that `path` leads to, for a file that is written piece by piece.

    Raises as `write_user_path` does.
    """
    with ExitStack() as opened:
        place = _find(path, opened)
        folder = os.readlink(f"/proc/self/fd/{place.folder}") if os.path.isdir("/proc/self/fd") else None
        return os.path.join(folder or os.path.realpath(os.path.dirname(os.path.abspath(path))), place.name)


def write_below(root: str, path: str, content: bytes, *, is_new: bool = False) -> None:
    """Write the file `path` below `root`, whole or not at all, and through no link; missing folders are made.

    With `is_new` the file must not exist yet. Raises LinkError for a link on the way, GateError for a path into `.git`
    or one that is not a regular file, OSError if it cannot be written.
    """
    parts = path.split("/")
    if any(part in ("", ".", "..") or is_git_name(part) for part in parts):
        raise GateError("is no place for the gate to write to", path=path)
    with opened_below(root, parts[:-1], path) as folder:
        place = OpenPlace(folder, parts[-1], True)
        status = _status(place)
        if status is not None and stat.S_ISLNK(status.st_mode):
            raise _is_link(path)
        if status is not None and not stat.S_ISREG(status.st_mode):
            raise GateError("is no regular file", path=path)
        if is_new:
            _write_new(place, content)
        else:
            _write(place, content)


@contextmanager
def opened_below(root: str, folders: list[str], path: str) -> Iterator[int]:
    """Open the folder that `folders` lead to from `root`, none of them a link; missing ones are made.

    `path` is for messages. The descriptor is closed at the end of the block.
    """
    with ExitStack() as opened:
        descriptor = _opened(root, None, opened, _FOLDER & ~os.O_NOFOLLOW)
        for name in folders:
            try:
                descriptor = _opened(name, descriptor, opened)
            except FileNotFoundError:
                os.mkdir(name, _FOLDER_MODE, dir_fd=descriptor)
                descriptor = _opened(name, descriptor, opened)
            except NotADirectoryError:
                if stat.S_ISLNK(os.stat(name, dir_fd=descriptor, follow_symlinks=False).st_mode):
                    raise _is_link(path) from None
                raise
        yield descriptor


def is_git_name(name: str) -> bool:
    """True for `.git` in any spelling that some file system takes for it (CVE-2014-9390, CVE-2019-1352)."""
    # Windows ignores case, trailing dots and blanks, and what follows `:` (a stream); HFS+ ignores some characters.
    plain = name.translate(_UNSEEN).partition(":")[0].rstrip(". ").casefold()
    return plain == _GIT or plain in _SHORT_FORMS


def _find(path: str, opened: ExitStack, *, makes_folders: bool = False) -> OpenPlace:
    """Follow a path as the system does; raise LinkError at a link inside a checkout."""
    left = deque(os.path.join(os.getcwd(), path).split("/"))
    folders = [_Folder.root(opened)]
    links = 0
    while left:
        name = left.popleft()
        if name == "..":  # the root's parent is the root
            folders = folders[: max(1, len(folders) - 1)]
        if name in ("", ".", ".."):
            continue
        here = folders[-1]
        target = _target_of(name, here, path, is_last=not any(left))
        if target is not None:
            links += 1
            if links > _MOST_LINKS:
                raise LinkError("leads through too many links", path=path)
            left.extendleft(reversed(target.split("/")))
            if target.startswith("/"):
                folders = folders[:1]
        elif not any(left):
            return OpenPlace(here.descriptor, name, here.is_in_checkout)
        else:
            folders.append(here.below(name, opened, makes_folders=makes_folders))
    raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)


class _Folder(msgspec.Struct, frozen=True):
    """A folder on the way, open."""

    descriptor: int
    is_in_checkout: bool

    @classmethod
    def root(cls, opened: ExitStack) -> "_Folder":
        return cls(_opened("/", None, opened), False)

    def below(self, name: str, opened: ExitStack, *, makes_folders: bool) -> "_Folder":
        if makes_folders:
            _make_folder(name, self.descriptor)
        descriptor = _opened(name, self.descriptor, opened)
        return _Folder(descriptor, self.is_in_checkout or _is_checkout(descriptor))


def _opened(name: str, above: int | None, opened: ExitStack, flags: int = _FOLDER) -> int:
    descriptor = os.open(name, flags, dir_fd=above)
    opened.callback(os.close, descriptor)
    return descriptor


def _make_folder(name: str, above: int) -> None:
    with suppress(FileExistsError):
        os.mkdir(name, _FOLDER_MODE, dir_fd=above)


def _is_checkout(folder: int) -> bool:
    try:
        os.stat(_GIT, dir_fd=folder, follow_symlinks=False)
    except OSError:
        return False
    return True


def _target_of(name: str, here: _Folder, path: str, *, is_last: bool) -> str | None:
    """Return where a link leads; None if `name` is no link, or one that is written to as it stands.

    These are links to a pipe, a device or themselves.
    """
    place = OpenPlace(here.descriptor, name, here.is_in_checkout)
    status = _status(place)
    if status is None or not stat.S_ISLNK(status.st_mode):
        return None
    if here.is_in_checkout:
        raise _is_link(path)
    target = os.readlink(name, dir_fd=here.descriptor)
    return None if is_last and (target == name or _is_special(place)) else target


def _status(place: OpenPlace, *, follows: bool = False) -> os.stat_result | None:
    try:
        return os.stat(place.name, dir_fd=place.folder, follow_symlinks=follows)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno == errno.ELOOP:  # a link to itself is not followed, but replaced
            return os.stat(place.name, dir_fd=place.folder, follow_symlinks=False)
        raise


def _is_special(place: OpenPlace) -> bool:
    """True for what no file may replace: a device (`/dev/null`), a pipe, a folder (whose opening then fails)."""
    status = _status(place, follows=not place.is_in_checkout)
    return status is not None and not (stat.S_ISREG(status.st_mode) or stat.S_ISLNK(status.st_mode))


def _is_link(path: str) -> LinkError:
    return LinkError(
        "leads through a link of the repository, which perhaps leads out of the repository",
        path=path,
        hint="Take the link away, or name the place that it leads to",
    )


def _write(place: OpenPlace, content: bytes) -> None:
    """Write a temporary file in the same folder and rename it, so that a reader sees the old file or the new one."""
    temporary = f".gate-new-{os.urandom(8).hex()}"
    try:
        _write_new(OpenPlace(place.folder, temporary, place.is_in_checkout), content)
        os.replace(temporary, place.name, src_dir_fd=place.folder, dst_dir_fd=place.folder)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(temporary, dir_fd=place.folder)
        raise


def _write_new(place: OpenPlace, content: bytes) -> None:
    with os.fdopen(os.open(place.name, _NEW_FILE, _FILE_MODE, dir_fd=place.folder), "wb") as file:
        file.write(content)
