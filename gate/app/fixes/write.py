"""Puts a file's new bytes in its place: beside it first, then by renaming, and through no link."""

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
    """The file is not what it was when it was looked at."""


def replace(root: str, path: str, before: bytes, after: bytes) -> None:
    """Replace the file `path` below `root`, which holds `before`, by one with `after` and the same mode.

    `path` is one of a tree's entries, its links followed already. Raises ChangedError if the file or a folder above
    it is another one by now, UnreadableError if it cannot be written.
    """
    *folders, name = raw_name(path).split(b"/")
    try:
        with _folder(root, folders) as folder:
            mode = _checked_mode(folder, name, before, path)
            _write(folder, name, after, mode)
    except OSError as error:
        raise UnreadableError(
            f"cannot be written ({error.strerror})", path=path, hint="Is it yours to write?"
        ) from error


@contextmanager
def _folder(root: str, folders: list[bytes]) -> Iterator[int]:
    """Open the folder that holds the file, step by step, so that no step is a link."""
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
            raise ChangedError("has changed since it was looked at", path=path, hint="Run gate fix again")
    return stat.S_IMODE(status.st_mode)


def _write(folder: int, name: bytes, content: bytes, mode: int) -> None:
    beside = b".gate-fix-" + secrets.token_hex(8).encode()
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600, dir_fd=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            os.fchmod(file.fileno(), mode)
            file.flush()
            os.fsync(file.fileno())
        os.rename(beside, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        os.unlink(beside, dir_fd=folder)
        raise
