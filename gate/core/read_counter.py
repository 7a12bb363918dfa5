"""How much a process has read, for whoever shows progress: two numbers that cost next to nothing to raise.

A worker counts in memory that it shares with its pool, so nothing has to be sent. Threads of one process may overtake
each other and lose a little: it is shown while work goes on, and no report holds it.
"""

import mmap

import msgspec

_SIZE = 16


class Amount(msgspec.Struct, frozen=True):
    """Files and bytes that were read."""

    files: int = 0
    bytes: int = 0

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(self.files + other.files, self.bytes + other.bytes)


class Counter:
    """Both numbers, in memory that processes forked later share."""

    def __init__(self) -> None:
        self._numbers = memoryview(mmap.mmap(-1, _SIZE)).cast("Q")

    def add(self, files: int, size: int) -> None:
        self._numbers[0] += files
        self._numbers[1] += size

    @property
    def amount(self) -> Amount:
        return Amount(self._numbers[0], self._numbers[1])

    def reset(self) -> None:
        self._numbers[0] = self._numbers[1] = 0


_counter: Counter | None = None


def count_in(counter: Counter) -> None:
    """Count what this process reads from now on in `counter`."""
    global _counter
    _counter = counter


def count_read(*, files: int = 0, size: int = 0) -> None:
    """Count files, and bytes, that were just read; nowhere, in a process that nobody watches."""
    if _counter is not None:
        _counter.add(files, size)
