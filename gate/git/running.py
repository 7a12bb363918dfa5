"""A git command at work beside this process, and what it says in the end."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

from gate.core import broker
from gate.core.errors import LimitError, UnreadableError
from gate.git.commands import COMMANDS
from gate.git.process import GitProcess, Order, start

_NOT_LISTED = b"could not open directory"
"""What git warns of, before it lists the rest and ends well."""


class Running:
    """A command whose output goes to a file: it waits for nobody, so that several of them run side by side."""

    def __init__(self, order: Order, lines: Iterable[str] = ()) -> None:
        """Start it; `lines` are its standard input."""
        self._order = order
        self._output, self._words = broker.new_file(), broker.new_file()
        with lines_file(lines) as listing:
            descriptors = (listing.fileno(), self._output.fileno(), self._words.fileno())
            self._process = start(order, *descriptors)

    def output(self) -> bytes:
        """Wait for the end and return the standard output. Raises UnreadableError with git's own words."""
        with self._output, self._words:
            _check(self._process.wait(), self._words, self._order)
            self._output.seek(0)
            return self._output.read()


def run(order: Order, lines: Iterable[str] | None = None, limit: int | None = None) -> bytes:
    """Return what a git command writes that reads `lines` from its standard input.

    Raises UnreadableError with git's own words if it fails, or lists without a folder that it may not read; LimitError
    once the output has more than `limit` bytes.
    """
    with broker.new_file() as words:
        with output_of(order, lines or (), words.fileno()) as (process, stream):
            output = stream.read(-1 if limit is None else limit + 1)
            if limit is not None and len(output) > limit:
                raise LimitError(f"git says more than {limit:,} bytes", path=order.folder)
            status = process.wait()
        _check(status, words, order)
    return output


@contextmanager
def output_of(order: Order, lines: Iterable[str], words: int | None = None) -> Iterator[tuple[GitProcess, BinaryIO]]:
    """Give a git command and its standard output while it runs; it ends with the block.

    `words`: descriptor for its standard error; without one what it says there is thrown away.
    """
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as stream, lines_file(lines) as listing, _nowhere() as nowhere:
        try:
            process = start(order, listing.fileno(), writing, nowhere if words is None else words)
        finally:
            os.close(writing)
        try:
            yield process, stream
        finally:
            process.kill()
            process.wait()


@contextmanager
def lines_file(lines: Iterable[str]) -> Iterator[BinaryIO]:
    """Give a file that holds `lines`: a command that reads it never waits for us, nor we for it."""
    with broker.new_file() as listing:
        left = memoryview("".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape"))
        while left:
            left = left[listing.write(left) :]
        listing.seek(0)
        yield listing


@contextmanager
def _nowhere() -> Iterator[int]:
    descriptor = broker.open_null()
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _check(status: int, words: BinaryIO, order: Order) -> None:
    """Raise UnreadableError for a command that failed, or left out what it could not open."""
    words.seek(0)
    said = words.read()
    has_failed = status > 1 or status < 0 or (status == 1 and not COMMANDS[order.command].may_say_no)
    if has_failed or _NOT_LISTED in said:
        text = said.decode("utf-8", "backslashreplace").strip()
        raise UnreadableError(f"git failed to say the {order.command}: {text}", path=order.folder)
