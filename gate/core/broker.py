"""The one way out of a process that can do nothing itself: errands, done for it by a process that parses nothing.

A worker that parses a target has no network, starts no program and writes no file. What it needs of these it asks for
by the name of an errand; `gate.pipeline.broker_calls` lists them all, and each looks at what the worker may have.
Files go along as open descriptors. Where there is no door (`is_shut` is False), the process does the work itself.
"""

import os
import socket
import struct
import tempfile
import threading
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import BinaryIO, TypeVar, cast

import msgspec

from gate.core.errors import GateError

MAX_MESSAGE = 256 << 20
"""Bytes of one message."""
MAX_FILES = 8
"""Descriptors that go with one."""
_PIECE = 1 << 20
_SIZE = struct.Struct("<I")
_CLOSE_ON_EXEC = getattr(socket, "MSG_CMSG_CLOEXEC", 0)

Shape = TypeVar("Shape")


class BrokerCall(msgspec.Struct, frozen=True):
    """Worker to porter: do this for me."""

    errand: str
    argument: msgspec.Raw = msgspec.Raw(b"\xc0")


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """A GateError on its way."""

    kind: str
    """Module and name of its class."""
    message: str
    path: str | None
    hint: str

    @classmethod
    def of(cls, error: GateError) -> "Failure":
        kind = type(error)
        return cls(
            kind=f"{kind.__module__}:{kind.__qualname__}", message=error.message, path=error.path, hint=error.hint
        )

    def error(self) -> GateError:
        """Return the error again."""
        module, _, name = self.kind.partition(":")
        kind = getattr(import_module(module), name)
        made: GateError = kind(self.message, path=self.path, hint=self.hint)
        return made


class BrokerAnswer(msgspec.Struct, frozen=True):
    """Porter to worker: what the errand came to."""

    value: msgspec.Raw = msgspec.Raw(b"\xc0")
    failure: Failure | None = None


class MessageLine:
    """One end of the connection between a worker and the porter: messages, with descriptors."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def send(self, message: object, files: Sequence[int] = ()) -> None:
        """Raises OSError if nobody is there any more."""
        content = msgspec.msgpack.encode(message)
        head = _SIZE.pack(len(content))
        if files:
            socket.send_fds(self._connection, [head], list(files))
            self._connection.sendall(content)
        else:
            self._connection.sendall(head + content)

    def receive(self, shape: type[Shape], most: int = MAX_MESSAGE) -> tuple[Shape, list[int]]:
        """Return the next message and its descriptors.

        Raises EOFError at the end, ValueError for what is no message.
        """
        head, files, _, _ = socket.recv_fds(self._connection, _SIZE.size, MAX_FILES, _CLOSE_ON_EXEC)
        try:
            if not head:
                raise EOFError  # noqa: TRY301  (what came with it is closed)
            (size,) = _SIZE.unpack(head + self._exactly(_SIZE.size - len(head)))
            if size > most:
                raise ValueError(f"a message of {size:,} bytes")  # noqa: TRY301
            return msgspec.msgpack.decode(self._exactly(size), type=shape), files
        except BaseException:
            for file in files:
                os.close(file)
            raise

    def _exactly(self, size: int) -> bytes:
        parts = []
        while size:
            part = self._connection.recv(min(size, _PIECE))
            if not part:
                raise EOFError
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def close(self) -> None:
        self._connection.close()


class _Door:
    """The worker's end: one question at a time."""

    def __init__(self, line: MessageLine) -> None:
        self._line = line
        self._lock = threading.Lock()

    def ask(self, errand: str, argument: object, files: Sequence[int]) -> tuple[BrokerAnswer, list[int]]:
        with self._lock:
            self._line.send(BrokerCall(errand, msgspec.Raw(msgspec.msgpack.encode(argument))), files)
            return self._line.receive(BrokerAnswer)


_door: _Door | None = None


def shut(line: MessageLine) -> None:
    """From now on this process asks over `line` for what it cannot do itself."""
    global _door
    _door = _Door(line)


def is_shut() -> bool:
    """True in a process that has to ask."""
    return _door is not None


def ask(errand: str, argument: object, shape: type[Shape]) -> Shape:
    """Have an errand done and return what it came to, of a type that msgspec can carry. Raises GateError as it does."""
    answer, files = ask_with_files(errand, argument, shape)
    for file in files:  # none was expected
        os.close(file)
    return answer


def ask_with_files(
    errand: str, argument: object, shape: type[Shape], files: Sequence[int] = ()
) -> tuple[Shape, list[int]]:
    """Have an errand done with open files; return also those that came back."""
    if _door is None:
        raise AssertionError("no door: the process does it itself")
    told, given = _door.ask(errand, argument, files)
    if told.failure is not None:
        raise told.failure.error()
    return msgspec.msgpack.decode(told.value, type=shape), given


def stream(errand: str, argument: object) -> Iterator[bytes]:
    """Have an errand done that brings bytes, and yield them as they come. Raises GateError, also in the midst of it."""
    number, (source,) = ask_with_files(errand, argument, int)
    with os.fdopen(source, "rb", buffering=0) as pieces:
        while piece := pieces.read(_PIECE):
            yield piece
    ask("end", number, type(None))  # raises what ended it early


def new_file() -> BinaryIO:
    """Return an empty temporary file without a name and a buffer. Raises GateError, or OSError without a door."""
    if not is_shut():
        return cast(BinaryIO, tempfile.TemporaryFile(prefix="gate-", buffering=0))
    _, (file,) = ask_with_files("file", None, type(None))
    return cast(BinaryIO, os.fdopen(file, "r+b", buffering=0))


def nowhere() -> int:
    """Return a descriptor, open for both, of which nothing is read and in which all is lost."""
    if is_shut():
        return os.dup(0)  # which is that in a process that has to ask
    return os.open(os.devnull, os.O_RDWR | getattr(os, "O_CLOEXEC", 0))
