"""Opening files below a folder without following links, also if the tree changes meanwhile (openat(2), O_NOFOLLOW)."""

import os
from itertools import takewhile
from operator import eq

_MOST_STEPS = 64
"""Folders of one path at most: each stays open."""
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC if hasattr(os, "O_DIRECTORY") else 0
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC if hasattr(os, "O_DIRECTORY") else 0


class Beneath:
    """Opens files below `root`. The folders of the last file stay open, because the next file is often near it."""

    def __init__(self, root: bytes) -> None:
        self._root = root
        self._close = os.close  # at the interpreter's end `os` may be gone before this object
        self._names: list[bytes] = []
        self._open: list[int] = []
        """Descriptors of `root` and of the folders `_names` below it."""

    def __del__(self) -> None:
        self._close_below(0)

    def open(self, path: bytes) -> int | None:
        """Return a descriptor of the file; None if it cannot be opened without following a link, or at all.

        It may be the descriptor of a pipe or device: opening does not block, and nothing is read.
        """
        *folders, name = path.split(b"/")
        if not _FILE or len(folders) > _MOST_STEPS or b".." in folders:
            return None
        try:
            return os.open(name, _FILE, dir_fd=self._folder(folders))
        except (OSError, ValueError):
            return None

    def _folder(self, names: list[bytes]) -> int:
        if not self._open:
            self._open.append(os.open(self._root, _FOLDER & ~os.O_NOFOLLOW))
        known = sum(takewhile(bool, map(eq, names, self._names)))  # how many folders both paths begin with
        self._close_below(known + 1)
        for name in names[known:]:
            self._open.append(os.open(name, _FOLDER, dir_fd=self._open[-1]))
            self._names.append(name)
        return self._open[-1]

    def _close_below(self, count: int) -> None:
        """Close all but the first `count` descriptors."""
        while len(self._open) > count:
            self._close(self._open.pop())
        del self._names[max(count - 1, 0) :]
