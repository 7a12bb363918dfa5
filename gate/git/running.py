"""Running git commands: in the background, or with their output as it comes, and checking how they end."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

from gate.core import broker
from gate.core.errors import LimitError, UnreadableError
from gate.git.commands import COMMANDS
from gate.git.process import GitProcess, Order, start

_NOT_LISTED = b"could not open directory"
"""A warning after which git lists the rest and ends with status 0; to us it is an error."""


class Running:
    """A command in the background. Its output goes to a file, so it never blocks, and several can run at once."""

    def __init__(self, order: Order, lines: Iterable[str] = ()) -> None:
        """Start it; `lines` are its standard input."""
        self._order = order
        self._output, self._words = broker.new_short_file(), broker.new_short_file()
        with lines_file(lines) as listing:
            descriptors = (listing.fileno(), self._output.fileno(), self._words.fileno())
            self._process = start(order, *descriptors)

    def output(self) -> bytes:
        """Wait for the end and return the standard output. Raises UnreadableError with git's own message."""
        with self._output, self._words:
            _check(self._process.wait(), self._words, self._order)
            self._output.seek(0)
            return self._output.read()

    def end(self) -> None:
        """End it if it has not ended."""
        self._process.kill()
        self._process.wait()
        self._output.close()
        self._words.close()


def run(order: Order, lines: Iterable[str] | None = None, limit: int | None = None) -> bytes:
    """Return the standard output of a git command that reads `lines` from its standard input.

    Raises UnreadableError with git's own message if it fails, or if it leaves out a folder that it may not read;
    LimitError as soon as the output has more than `limit` bytes.
    """
    with broker.new_short_file() as words:
        with output_of(order, lines or (), words.fileno()) as (process, stream):
            output = stream.read(-1 if limit is None else limit + 1)
            if limit is not None and len(output) > limit:
                raise LimitError(f"git says more than {limit:,} bytes", path=order.folder)
            status = process.wait()
        _check(status, words, order)
    return output


@contextmanager
def output_of(order: Order, lines: Iterable[str], words: int | None = None) -> Iterator[tuple[GitProcess, BinaryIO]]:
    """Give a running git command and its standard output; it is ended with the block.

    `words` is a descriptor for its standard error, which is thrown away without one.
    """
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as stream, lines_file(lines) as listing, _null() as null:
        try:
            process = start(order, listing.fileno(), writing, null if words is None else words)
        finally:
            os.close(writing)
        try:
            yield process, stream
        finally:
            process.kill()
            process.wait()


@contextmanager
def lines_file(lines: Iterable[str]) -> Iterator[BinaryIO]:
    """Give an open file that holds `lines`. Unlike with a pipe, neither the command nor we can block on it."""
    with broker.new_short_file() as listing:
        left = memoryview("".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape"))
        while left:
            left = left[listing.write(left) :]
        listing.seek(0)
        yield listing


@contextmanager
def _null() -> Iterator[int]:
    descriptor = broker.open_null()
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _check(status: int, words: BinaryIO, order: Order) -> None:
    """Raise UnreadableError for a command that failed, or that left out a folder that it could not open."""
    words.seek(0)
    said = words.read()
    has_failed = status > 1 or status < 0 or (status == 1 and not COMMANDS[order.command].may_say_no)
    if has_failed or _NOT_LISTED in said:
        text = said.decode("utf-8", "backslashreplace").strip()
        raise UnreadableError(f"git failed to say the {order.command}: {text}", path=order.folder)
