"""Replacing a file's content: a temporary file in the same folder is renamed to it; no link is followed."""

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager

from gate.core.errors import GateError, UnreadableError
from gate.trees.base import raw_name

_OPEN_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_OPEN_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK


class ChangedError(GateError):
    """The file was changed since it was judged."""


def replace(root: str, path: str, before: bytes, after: bytes) -> None:
    """Replace the content `before` of the file `path` below `root` by `after`; its mode stays.

    `path` is that of a tree's entry, with links already resolved. Raises ChangedError if the file was changed
    meanwhile, UnreadableError if it cannot be written.
    """
    *folders, name = raw_name(path).split(b"/")
    try:
        with _folder(root, folders) as folder:
            mode = _checked_mode(folder, name, before, path)
            _write(folder, name, after, mode)
    except OSError as error:
        raise UnreadableError(
            f"cannot be written ({error.strerror})", path=path, hint="Check its permissions"
        ) from error


@contextmanager
def _folder(root: str, folders: list[bytes]) -> Iterator[int]:
    """Open the folder that holds the file, one folder after the other, so that none of them can be a link."""
    descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for name in folders:
            below = os.open(name, _OPEN_FOLDER, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = below
        yield descriptor
    finally:
        os.close(descriptor)


def _checked_mode(folder: int, name: bytes, before: bytes, path: str) -> int:
    with os.fdopen(os.open(name, _OPEN_FILE, dir_fd=folder), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode) or file.read(len(before) + 1) != before:
            raise ChangedError("has changed since it was read", path=path, hint="Run gate fix again")
    return stat.S_IMODE(status.st_mode)


def _write(folder: int, name: bytes, content: bytes, mode: int) -> None:
    temporary = b".gate-fix-" + secrets.token_hex(8).encode()
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600, dir_fd=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            os.fchmod(file.fileno(), mode)
            file.flush()
            os.fsync(file.fileno())
        os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        os.unlink(temporary, dir_fd=folder)
        raise
