"""One object after the other through a `git cat-file` that stays open, of repositories with SHA-1 or SHA-256."""

import os
from contextlib import suppress
from typing import Any, BinaryIO

from gate import doors
from gate.errors import GateError, UnreadableError
from gate.git.checked import is_what_its_id_says
from gate.git.starting import Order, Started, start


class _Talk:
    """A process that is asked by its standard input and answers by its standard output; it ends with this object."""

    def __init__(self, order: Order) -> None:
        theirs, asking = os.pipe()
        answering, ours = os.pipe()
        self.stdin: BinaryIO = os.fdopen(asking, "wb")
        self.stdout: BinaryIO = os.fdopen(answering, "rb")
        nowhere = doors.nowhere()
        try:
            self._process: Started | None = start(order, theirs, ours, nowhere)
        finally:
            for descriptor in (theirs, ours, nowhere):
                os.close(descriptor)

    def __del__(self) -> None:
        for file in (self.stdin, self.stdout):
            with suppress(OSError):  # what was asked last may wait to be written
                file.close()
        if process := getattr(self, "_process", None):
            with suppress(OSError, EOFError, GateError):  # whoever started it is gone, and so is it
                process.kill()
                process.wait()


def _reader(talk: _Talk) -> Any:
    """Return GitPython's reader of objects at work on a process of ours.

    When it is imported it would look for a git of its own, by the PATH, and start it: it is given one that there is
    not.
    """
    os.environ["GIT_PYTHON_GIT_EXECUTABLE"], os.environ["GIT_PYTHON_REFRESH"] = os.devnull, "quiet"
    from git import Git  # takes longer than many a stage: only for those that read objects by name

    reader: Any = Git()
    reader.cat_file_all = reader.cat_file_header = talk
    return reader


class ObjectReader:
    """A `git cat-file` that answers question by question; it ends with the reader. Not to be shared with a fork."""

    def __init__(self, folder: str, command: str) -> None:
        """`command` is `contents one by one` or `sizes one by one`."""
        self._git = _reader(_Talk(Order(folder, command)))

    def size(self, object_id: str) -> int:
        """Return an object's size in bytes; the reader must be one of sizes. Raises UnreadableError."""
        return int(self._asked(self._git.get_object_header, object_id)[2])

    def content(self, object_id: str) -> bytes:
        """Return an object's bytes; the reader must be one of contents. Raises UnreadableError."""
        _, kind, _, content = self._asked(self._git.get_object_data, object_id)
        if not is_what_its_id_says(object_id, kind, content):
            raise UnreadableError("is damaged in the object store", path=object_id)
        return bytes(content)

    def _asked(self, ask: Any, object_id: str) -> Any:
        if "\n" in object_id:
            raise UnreadableError("is no name of an object", path=object_id)
        try:
            return ask(object_id)
        except (ValueError, OSError) as error:
            raise UnreadableError("is not in the object store (shallow or partial clone?)", path=object_id) from error
