"""Temporary files without a name, which disappear when the process ends, however it ends."""

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from typing import BinaryIO

from gate.core import broker
from gate.core.errors import GateError, UnreadableError
from gate.images.layers.span import Span


def spool(pieces: Iterable[bytes], name: str, opened: ExitStack) -> Span:
    """Write `pieces` to a temporary file, which exists until `opened` is closed. Raises GateError without room."""
    span = GrowingSpan(name, opened)
    span.fill(pieces)
    return span


class GrowingSpan(Span):
    """A temporary file that one thread fills while others read it; readers wait for bytes that are not written yet.

    An exception while it is filled is raised in every reader that waits for more.
    """

    __slots__ = ("_error", "_grown", "_is_whole")

    def __init__(self, name: str, opened: ExitStack) -> None:
        """Make the file, which exists until `opened` is closed. Raises GateError if that is impossible."""
        super().__init__(_new_file(name, opened), 0, 0, name)
        self._grown = threading.Condition()
        self._is_whole = False
        self._error: BaseException | None = None

    @property
    def size(self) -> int:
        self._wait_for(None)
        return self._size

    def reaches(self, end: int) -> bool:
        self._wait_for(end)
        return end <= self._size

    def peek(self, start: int, size: int) -> bytes:
        self._wait_for(start + size)
        return super().peek(start, size)

    def fill(self, pieces: Iterable[bytes]) -> None:
        """Write all `pieces`. Raises GateError if there is no room, and any exception of `pieces`."""
        try:
            for piece in pieces:
                self._write(piece)
                self._grow(len(piece))
        except BaseException as error:
            self._error = error
            raise
        finally:
            self._is_whole = True
            self._grow(0)

    def _grow(self, count: int) -> None:
        with self._grown:
            self._size += count
            self._grown.notify_all()

    def _wait_for(self, end: int | None) -> None:
        """Wait for the first `end` bytes, or for all that there will be."""
        if end is not None and end <= self._size:
            return
        with self._grown:
            self._grown.wait_for(lambda: self._is_whole or (end is not None and end <= self._size))
        if self._error is not None and (end is None or end > self._size):
            raise self._error

    def _write(self, piece: bytes) -> None:
        left = memoryview(piece)
        try:
            while left:
                left = left[self._file.write(left) :]
        except OSError as error:
            raise _no_room(self.name, error) from error


class FetchedSpan(Span):
    """Bytes that are fetched into a temporary file when they are first read."""

    __slots__ = ("_fetch", "_fetched", "_lock", "_stated")

    def __init__(self, name: str, fetch: Callable[[], Span], size: int | None = None) -> None:
        """`size` is the number of bytes, if it is known; what is fetched has to have as many."""
        self.name = name
        self._stated = size
        self.start = 0
        self._fetch = fetch
        self._fetched: Span | None = None
        self._lock = threading.Lock()

    @property
    def is_here(self) -> bool:
        return self._fetched is not None

    @property
    def size(self) -> int:
        return self._open().size if self._stated is None else self._stated

    def status(self) -> os.stat_result:
        return self._open().status()

    def reaches(self, end: int) -> bool:
        return self._open().reaches(end)

    def part(self, start: int, size: int, name: str) -> Span:
        return self._open().part(start, size, name)

    def peek(self, start: int, size: int) -> bytes:
        return self._open().peek(start, size)

    def windows(self, buffer: memoryview) -> Iterator[memoryview]:
        return self._open().windows(buffer)

    def _open(self) -> Span:
        with self._lock:
            if self._fetched is None:
                fetched = self._fetch()
                if self._stated not in (None, fetched.size):
                    raise UnreadableError(f"has {fetched.size:,} bytes instead of {self._stated:,}", path=self.name)
                self._fetched = fetched
            return self._fetched


def _new_file(name: str, opened: ExitStack) -> BinaryIO:
    try:
        # Unbuffered, so that readers, which use pread, see what was written.
        return opened.enter_context(broker.new_file())
    except OSError as error:
        raise _no_room(name, error) from error


def _no_room(name: str, error: OSError) -> GateError:
    return GateError(
        f"cannot be kept in the folder for temporary files: {error.strerror}",
        path=name,
        hint="Make room there, or set TMPDIR to a folder that has some",
    )
