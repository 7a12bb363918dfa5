"""Claims: which process is at something, by files in the store that only one writer can create.

    PLACE.0      the first claim (`_Stated`)
    PLACE.1      the next one, if the process of the first is gone

The process that made the last file has it. A claim is never replaced in place: two processes that find the same one
abandoned both try to make the next file, and one of them does.

A process that goes on writes its claims again and again with a higher number of beats. Who finds a claim that stays
the same for SILENCE_S seconds of its own clock takes it over, so clocks of machines are not compared. On one machine a
claim is abandoned as soon as its process has ended.
"""

import os
import platform
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import msgspec

from gate.core.errors import GateError
from gate.fleet.store_files import StoreFiles

BEAT_S = 30.0
"""Seconds between two beats of a process that holds claims."""
SILENCE_S = 300.0
"""Seconds without a beat after which a claim is abandoned."""
_MOST_TAKEN = 1_000
"""How often something may be taken over from processes that ended."""
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_PROCESSES = "/proc/self/ns/pid"


class _Stated(msgspec.Struct, frozen=True):
    machine: str
    process: int
    beats: int = 0


class Claims:
    """The claims that the threads of this process make in a store."""

    def __init__(self, files: StoreFiles, clock: Callable[[], float] = time.monotonic) -> None:
        self._files = files
        self._clock = clock
        self._held: dict[str, _Stated] = {}
        self._seen: dict[str, tuple[bytes, float]] = {}
        """Claims of others, and since when they are the same."""
        self._lock = threading.Lock()

    def take(self, place: str) -> str | None:
        """Claim `place` for this process; return the claim's name, or None if another process has it."""
        own = _Stated(machine(), os.getpid())
        for number in range(_MOST_TAKEN):
            name = f"{place}.{number}"
            if self._files.create(name, msgspec.json.encode(own)):
                with self._lock:
                    self._held[name] = own
                return name
            if self._is_held(name):
                return None
        return None

    def give_back(self, name: str) -> None:
        """End a claim that `take` returned."""
        with self._lock:  # no beat may write it again
            self._held.pop(name, None)
            self._files.delete(name)

    def beat(self) -> None:
        """Write the claims of this process again. Raises GateError of the store."""
        for name in tuple(self._held):
            with self._lock:
                if name in self._held:
                    stated = self._held[name]
                    self._held[name] = msgspec.structs.replace(stated, beats=stated.beats + 1)
                    self._files.write(name, msgspec.json.encode(self._held[name]))

    @contextmanager
    def beating(self) -> Iterator[None]:
        """Let the claims of this process beat meanwhile."""
        is_over = threading.Event()
        thread = threading.Thread(target=self._beat_until, args=(is_over,), name="beats of claims")
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()

    def _beat_until(self, is_over: threading.Event) -> None:
        while not is_over.wait(BEAT_S):
            with suppress(GateError):  # it may be over by the next beat; who judges notices a store that is gone
                self.beat()

    def _is_held(self, name: str) -> bool:
        content = self._files.read(name)
        if content is None:  # it was given back just now
            return True
        try:
            stated = msgspec.json.decode(content, type=_Stated)
        except (msgspec.MsgspecError, UnicodeDecodeError):  # half-written, by a process that ended meanwhile
            return False
        if stated.machine == machine() and not _is_alive(stated.process):
            return False
        before, since = self._seen.get(name, (b"", 0.0))
        if content != before:
            self._seen[name] = (content, self._clock())
            return True
        return self._clock() - since < SILENCE_S


@cache
def machine() -> str:
    """Return what tells apart where process numbers mean something: a start of a machine, and a container on it."""
    try:
        return f"{_BOOT_ID.read_text('ascii').strip()} {os.readlink(_PROCESSES)}"
    except OSError:  # no such file system
        return platform.node()


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
