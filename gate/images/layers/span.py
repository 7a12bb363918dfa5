"""`Span`: a range of bytes of an open file. Archives, layers and the files in them are all spans."""

import os
from collections.abc import Iterator
from typing import BinaryIO

from gate.core.errors import UnreadableError

CHUNK = 1 << 20
"""Bytes that are read at a time."""


class Span:
    """`size` bytes of `file` from byte `start`. It does not close the file; its opener does."""

    __slots__ = ("_descriptor", "_file", "_size", "name", "start")

    def __init__(self, file: BinaryIO, start: int, size: int, name: str) -> None:
        self._file = file
        self._descriptor = file.fileno()
        self._size = size
        self.start = start
        self.name = name
        """Its name in errors."""

    @classmethod
    def of_file(cls, file: BinaryIO, name: str) -> "Span":
        """Return the span of all bytes that the file has now."""
        return cls(file, 0, os.fstat(file.fileno()).st_size, name)

    @property
    def size(self) -> int:
        return self._size

    def status(self) -> os.stat_result:
        """Return the status (fstat(2)) of its file."""
        return os.fstat(self._descriptor)

    @property
    def is_here(self) -> bool:
        """True if reading it fetches nothing from elsewhere."""
        return True

    def reaches(self, end: int) -> bool:
        """True if there are at least `end` bytes."""
        return end <= self._size

    def part(self, start: int, size: int, name: str) -> "Span":
        """Return a part of this span. Raises UnreadableError if it would reach beyond the end."""
        if not self.reaches(start + size):
            raise UnreadableError("is truncated", path=name, hint="Fetch or save the image again")
        return Span(self._file, self.start + start, size, name)

    def peek(self, start: int, size: int) -> bytes:
        """Return up to `size` bytes from `start`, fewer only at the end of the span."""
        return os.pread(self._descriptor, max(0, min(size, self._size - start)), self.start + start)

    def read(self, start: int, size: int) -> bytes:
        """Return exactly `size` bytes from `start`. Raises UnreadableError if they are not there."""
        content = self.peek(start, size)
        while len(content) < size and (more := self.peek(start + len(content), size - len(content))):
            content += more
        if len(content) < size:
            raise UnreadableError("is truncated", path=self.name, hint="Fetch or save the image again")
        return content

    def chunks(self) -> Iterator[bytes]:
        """Yield all bytes, a megabyte at a time. Raises UnreadableError if the file has become shorter."""
        position = 0
        while self.reaches(position + 1):
            chunk = self.peek(position, CHUNK)
            if not chunk:
                raise self._shorter()
            position += len(chunk)
            yield chunk

    def windows(self, buffer: memoryview) -> Iterator[memoryview]:
        """Yield all bytes, as many at a time as fit into `buffer`, which is overwritten each time.

        Raises UnreadableError if the file has become shorter.
        """
        position = 0
        while self.reaches(position + 1):
            fitting = len(buffer) if self.reaches(position + len(buffer)) else self._size - position
            count = os.preadv(self._descriptor, [buffer[:fitting]], self.start + position)
            if not count:
                raise self._shorter()
            position += count
            yield buffer[:count]

    def _shorter(self) -> UnreadableError:
        return UnreadableError("became shorter while it was read", path=self.name)
