"""How much a process has read, for the display of progress: two counters that cost very little to raise.

A worker counts in memory that it shares with its pool, so it sends no messages. The counters have no lock, so threads
of one process may lose an update: they are shown while work goes on and are in no report.
"""

import mmap

import msgspec

_SIZE = 16
"""Bytes: two unsigned 64-bit numbers."""

_counter: "Counter | None" = None
"""Where this process counts; None outside of workers that are watched."""


class ReadCount(msgspec.Struct, frozen=True):
    """How many files and bytes were read."""

    files: int = 0
    bytes: int = 0

    def __add__(self, other: "ReadCount") -> "ReadCount":
        return ReadCount(self.files + other.files, self.bytes + other.bytes)


class Counter:
    """Both counters, in memory that is shared with processes that are forked later."""

    def __init__(self) -> None:
        self._numbers = memoryview(mmap.mmap(-1, _SIZE)).cast("Q")

    def add(self, files: int, size: int) -> None:
        self._numbers[0] += files
        self._numbers[1] += size

    @property
    def count(self) -> ReadCount:
        """What was counted since the last reset."""
        return ReadCount(self._numbers[0], self._numbers[1])

    def reset(self) -> None:
        self._numbers[0] = self._numbers[1] = 0


def count_in(counter: Counter) -> None:
    """Let this process count what it reads in `counter` from now on."""
    global _counter
    _counter = counter


def count_read(*, files: int = 0, size: int = 0) -> None:
    """Count files, and `size` bytes, that were just read; does nothing in a process without a counter."""
    if _counter is not None:
        _counter.add(files, size)
