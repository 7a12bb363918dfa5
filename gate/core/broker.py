"""The client side of the broker: how an isolated worker gets done what it has no right to do itself.

A worker that parses a target has no network, starts no program and writes no file. What it needs of these it asks of
the broker, a process that parses nothing, by the name of a call; `gate.pipeline.broker_calls` lists all calls, and each
checks what the worker may have. Open files travel along as descriptors. A process that is not connected to a broker
(`is_connected` is False) does the work itself.
"""

import os
import socket
import struct
import threading
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import BinaryIO, TypeVar, cast

import msgspec

from gate.core.consulted import note_call
from gate.core.errors import GateError

MAX_MESSAGE = 256 << 20
"""Bytes of one message at most."""
MAX_FILES = 8
"""Descriptors that travel with one message at most."""
_CHUNK = 1 << 20
"""Bytes that are read at a time."""
_SIZE = struct.Struct("<I")
"""The header of a message: its length in bytes."""
_CLOSE_ON_EXEC = getattr(socket, "MSG_CMSG_CLOEXEC", 0)

Shape = TypeVar("Shape")

_client: "_Client | None" = None
"""This process's connection to its broker; None: the process does everything itself."""


class BrokerCall(msgspec.Struct, frozen=True):
    """A request of a worker: a call of `gate.pipeline.broker_calls` by its name, with its argument."""

    name: str
    argument: msgspec.Raw = msgspec.Raw(b"\xc0")


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """A GateError as it travels in a message."""

    kind: str
    """Module and name of its class, `module:Class`."""
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
        """Return the error that `of` was given."""
        module, _, name = self.kind.partition(":")
        kind = getattr(import_module(module), name)
        made: GateError = kind(self.message, path=self.path, hint=self.hint)
        return made


class BrokerAnswer(msgspec.Struct, frozen=True):
    """The broker's answer to a request: the result of the call, or its error."""

    value: msgspec.Raw = msgspec.Raw(b"\xc0")
    failure: Failure | None = None


class MessageLine:
    """One end of the connection between a worker and the broker: msgpack messages with file descriptors."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def send(self, message: object, files: Sequence[int] = ()) -> None:
        """Send a message and descriptors. Raises OSError if the other end is closed."""
        content = msgspec.msgpack.encode(message)
        head = _SIZE.pack(len(content))
        if files:
            socket.send_fds(self._connection, [head], list(files))
            self._connection.sendall(content)
        else:
            self._connection.sendall(head + content)

    def receive(self, shape: type[Shape], most: int = MAX_MESSAGE) -> tuple[Shape, list[int]]:
        """Return the next message, which has at most `most` bytes, and its descriptors.

        Raises EOFError if the other end is closed, ValueError for bytes that are no such message.
        """
        head, files, _, _ = socket.recv_fds(self._connection, _SIZE.size, MAX_FILES, _CLOSE_ON_EXEC)
        try:
            if not head:
                raise EOFError  # noqa: TRY301  (the descriptors that came with it are closed below)
            (size,) = _SIZE.unpack(head + self._exactly(_SIZE.size - len(head)))
            if size > most:
                raise ValueError(f"a message of {size:,} bytes")  # noqa: TRY301
            return msgspec.msgpack.decode(self._exactly(size), type=shape), files
        except BaseException:
            for file in files:  # the caller never gets them, and would leak them
                os.close(file)
            raise

    def _exactly(self, size: int) -> bytes:
        """Return the next `size` bytes. Raises EOFError if the other end closes before that."""
        parts = []
        while size:
            part = self._connection.recv(min(size, _CHUNK))
            if not part:
                raise EOFError
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def close(self) -> None:
        self._connection.close()


class _Client:
    """The worker's end: one request at a time, whichever thread it comes from."""

    def __init__(self, line: MessageLine) -> None:
        self._line = line
        self._lock = threading.Lock()

    def ask(self, name: str, argument: object, files: Sequence[int]) -> tuple[BrokerAnswer, list[int]]:
        with self._lock:
            self._line.send(BrokerCall(name, msgspec.Raw(msgspec.msgpack.encode(argument))), files)
            return self._line.receive(BrokerAnswer)


def connect(line: MessageLine) -> None:
    """Let this process, from now on, ask the broker at the other end of `line`."""
    global _client
    _client = _Client(line)


def is_connected() -> bool:
    """True in a process that has to ask the broker."""
    return _client is not None


def ask(name: str, argument: object, shape: type[Shape]) -> Shape:
    """Make a call and return its result, decoded as the type `shape`. Raises the GateError of the call."""
    answer, files = ask_with_files(name, argument, shape)
    for file in files:  # none was expected
        os.close(file)
    return answer


def ask_with_files(
    name: str, argument: object, shape: type[Shape], files: Sequence[int] = ()
) -> tuple[Shape, list[int]]:
    """Make a call as `ask` does, with open descriptors; return its result and the descriptors that come back.

    The caller closes those.
    """
    if _client is None:
        raise AssertionError("not connected to a broker: the process does it itself")
    note_call(name)
    answer, received = _client.ask(name, argument, files)
    if answer.failure is not None:
        raise answer.failure.error()
    return msgspec.msgpack.decode(answer.value, type=shape), received


def stream(name: str, argument: object) -> Iterator[bytes]:
    """Make a call that returns bytes through a pipe, and yield them as they come.

    Raises the GateError of the call, at its start or after some of the bytes.
    """
    number, (source,) = ask_with_files(name, argument, int)
    with os.fdopen(source, "rb", buffering=0) as pipe:
        while chunk := pipe.read(_CHUNK):
            yield chunk
    ask("end", number, type(None))  # raises the error that ended it early


def new_file() -> BinaryIO:
    """Return an empty, unbuffered temporary file without a name. Raises GateError, or OSError if not connected."""
    if not is_connected():
        from tempfile import TemporaryFile  # late: start-up does without it

        return cast(BinaryIO, TemporaryFile(prefix="gate-", buffering=0))
    _, (file,) = ask_with_files("file", None, type(None))
    return cast(BinaryIO, os.fdopen(file, "r+b", buffering=0))


def new_short_file() -> BinaryIO:
    """Return what `new_file` does, for what is read into memory anyway: where the system can, it is not on a disk."""
    if is_connected() or not hasattr(os, "memfd_create"):
        return new_file()
    return os.fdopen(os.memfd_create("gate"), "r+b", buffering=0)


def open_null() -> int:
    """Return a descriptor of the null device, open for reading and writing."""
    if is_connected():
        return os.dup(0)  # a worker may open nothing, and its standard input is the null device
    return os.open(os.devnull, os.O_RDWR | getattr(os, "O_CLOEXEC", 0))
