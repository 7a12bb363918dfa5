"""Claims: which process is at something, by files in the store that only one writer can create.

    PLACE.0      the first claim (`_Stated`)
    PLACE.1      the next one, if the process of the first can no longer keep it

The process that made the last file has it. A claim is never replaced in place: two processes that find the same one
abandoned both try to make the next file, and one of them does.
"""

import os
import platform
import time
from pathlib import Path

import msgspec

from gate.fleet.store_files import StoreFiles

_MOST_TAKEN = 1_000
"""How often something may be taken over from processes that ended."""


class _Stated(msgspec.Struct, frozen=True):
    host: str
    process: int
    at: float


class Claims:
    """The claims that the processes of a run make; `keeps_s` is how many seconds a process may hold one."""

    def __init__(self, files: StoreFiles, keeps_s: float) -> None:
        self._files = files
        self._keeps_s = keeps_s

    def take(self, place: str, now: float | None = None) -> str | None:
        """Claim `place` for this process; return the claim's name, or None if another process has it."""
        now = time.time() if now is None else now
        own = msgspec.json.encode(_Stated(platform.node(), os.getpid(), now))
        for number in range(_MOST_TAKEN):
            name = f"{place}.{number}"
            if self._files.create(name, own):
                return name
            if self._is_held(name, now):
                return None
        return None

    def give_back(self, name: str) -> None:
        """End a claim that `take` returned."""
        self._files.delete(name)

    def _is_held(self, name: str, now: float) -> bool:
        content = self._files.read(name)
        if content is None:  # it was given back just now
            return True
        try:
            stated = msgspec.json.decode(content, type=_Stated)
        except (msgspec.MsgspecError, UnicodeDecodeError):  # half-written, by a process that ended meanwhile
            return False
        if now - stated.at > self._keeps_s:
            return False
        return stated.host != platform.node() or _is_alive(stated.process)


def _is_alive(process: int) -> bool:
    """True if a process of this machine goes on; one that ended and was not waited for does not."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return not _is_zombie(process)


def _is_zombie(process: int) -> bool:
    try:
        stated = Path(f"/proc/{process}/stat").read_bytes()
    except OSError:  # no such file system
        return False
    return stated.rpartition(b")")[2].split()[:1] == [b"Z"]
