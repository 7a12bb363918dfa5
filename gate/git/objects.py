"""Reading one object after the other through a `git cat-file` that stays open; for SHA-1 and SHA-256 repositories."""

import os
from contextlib import suppress
from typing import BinaryIO

from gate.core import broker
from gate.core.errors import GateError, UnreadableError
from gate.git.object_ids import is_what_its_id_says
from gate.git.process import GitProcess, Order, start


class _Conversation:
    """A process that answers questions by its standard input and output; it ends with this object."""

    def __init__(self, order: Order) -> None:
        theirs, asking = os.pipe()
        answering, ours = os.pipe()
        self.stdin: BinaryIO = os.fdopen(asking, "wb")
        self.stdout: BinaryIO = os.fdopen(answering, "rb")
        null = broker.open_null()
        try:
            self._process: GitProcess | None = start(order, theirs, ours, null)
        finally:
            for descriptor in (theirs, ours, null):
                os.close(descriptor)

    def __del__(self) -> None:
        for file in (self.stdin, self.stdout):
            with suppress(OSError):  # closing flushes, and the process may be gone
                file.close()
        if process := getattr(self, "_process", None):
            with suppress(OSError, EOFError, GateError):  # the broker is gone, and so are its processes
                process.kill()
                process.wait()


class ObjectReader:
    """A `git cat-file` that answers one question at a time and ends with the reader.

    Must not be shared with a forked process: both would read the same pipe.
    """

    def __init__(self, folder: str, command: str) -> None:
        """`command` is `contents one by one` or `sizes one by one`."""
        self._talk = _Conversation(Order(folder, command))

    def size(self, object_id: str) -> int:
        """Return an object's size in bytes; only for `sizes one by one`. Raises UnreadableError."""
        return self._asked(object_id)[1]

    def content(self, object_id: str) -> bytes:
        """Return an object's bytes; only for `contents one by one`. Raises UnreadableError."""
        kind, size = self._asked(object_id)
        content = self._talk.stdout.read(size + 1)[:-1]
        if not is_what_its_id_says(object_id, kind, content):
            raise UnreadableError("is damaged in the object store", path=object_id)
        return content

    def _asked(self, object_id: str) -> tuple[bytes, int]:
        """Return an object's kind and size. Raises UnreadableError if it is missing."""
        if "\n" in object_id:
            raise UnreadableError("is no name of an object", path=object_id)
        try:
            self._talk.stdin.write(f"{object_id}\n".encode())
            self._talk.stdin.flush()
            words = self._talk.stdout.readline().split()
        except OSError as error:
            raise UnreadableError("git has ended", path=object_id) from error
        if len(words) != 3:
            raise UnreadableError("is not in the object store (shallow or partial clone?)", path=object_id)
        return words[1], int(words[2])
