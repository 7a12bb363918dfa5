"""The broker: a process that performs calls for workers, which can do nothing themselves but read and answer.

It is forked before anything of a target is read, and parses none of it. It alone has the environment, the network, and
programs. Every call is untrusted: `Permit` says for which target a worker works, and the function of the call whether
that target needs what is requested. Each worker has a connection of its own, served by a thread.
"""

import atexit
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from typing import Any, get_type_hints

import msgspec

from gate.core.broker import BrokerAnswer, BrokerCall, Failure, MessageLine
from gate.core.debug import debug_traceback, is_on
from gate.core.errors import GateError
from gate.core.interrupts import held_interrupts
from gate.core.text import visible
from gate.model import Target, Trust
from gate.pipeline.broker_calls import CALLS
from gate.settings import Settings

_MAX_RUNNING = 64
"""Programs and streams of one worker at a time."""
_MAX_PRINTED, _MAX_LINE = 64 << 10, 1000
"""Bytes that one worker may print, and of one line of it."""
_MAX_LOGGED = 16 << 20
"""Bytes that it may print while steps are logged."""
_DRAIN_S = 0.5
"""Seconds that are waited for what workers printed before they ended."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Permit(msgspec.Struct, frozen=True, kw_only=True):
    """What the calls of one worker may be about."""

    target: Target | None = None
    settings: Settings = Settings()
    cache_folder: str = ""
    now: datetime = EPOCH
    """The time of the run."""
    trust: Trust = Trust()


class Reply(msgspec.Struct, frozen=True):
    """The result of a call: a value that msgspec can carry, and open descriptors, which are closed here once sent."""

    value: object = None
    files: tuple[int, ...] = ()


class WorkerSession:
    """The calls of one worker: its permit, and what is running for it, which ends when the worker does."""

    def __init__(self, permit: Permit) -> None:
        self.permit = permit
        self.kept: dict[str, Any] = {}
        """What calls keep for later ones of the same worker."""
        self._running: dict[int, tuple[Callable[[], None], bool]] = {}
        self._number = 0
        self._lock = threading.Lock()

    def begin(self, end: Callable[[], None], *, ends_by_itself: bool = False) -> int:
        """Note something that runs until it is ended by its number, which is returned, or with the worker.

        What ends by itself once the worker is gone is not waited for then.
        """
        with self._lock:
            if len(self._running) >= _MAX_RUNNING:
                raise GateError("too much runs at a time")
            self._number += 1
            self._running[self._number] = (end, ends_by_itself)
            return self._number

    def end(self, number: int) -> None:
        """End what runs under this number. Raises the error that it ended with."""
        with self._lock:
            end, _ = self._running.pop(number, (None, True))
        if end is not None:
            end()

    def forget(self, number: int) -> None:
        """Note that what runs under this number has ended by itself."""
        with self._lock:
            self._running.pop(number, None)

    def end_all(self) -> None:
        for number, (_, ends_by_itself) in list(self._running.items()):
            with suppress(Exception):
                if ends_by_itself:
                    continue
                self.end(number)

    def stream(self, pieces: Iterator[bytes]) -> Reply:
        """Begin to write what an iterator yields to a pipe; return its number and the end to read from."""
        source, sink = os.pipe()
        writer = _PipeWriter(pieces, sink)
        return Reply(self.begin(writer.end, ends_by_itself=True), (source,))


class _PipeWriter:
    """A thread that writes bytes to a pipe."""

    def __init__(self, pieces: Iterator[bytes], sink: int) -> None:
        self._pieces = pieces
        self._sink = sink
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._write, daemon=True)
        self._thread.start()

    def _write(self) -> None:
        try:
            with os.fdopen(self._sink, "wb", buffering=0) as sink:
                for piece in self._pieces:
                    left = memoryview(piece)
                    while left:
                        left = left[sink.write(left) :]
        except BrokenPipeError:  # the reader has closed its end: it does not want the rest
            return
        except Exception as error:  # noqa: BLE001  (`end` raises it where the answer is waited for)
            self._error = error

    def end(self) -> None:
        self._thread.join()
        if self._error is not None:
            raise self._error


class Broker:
    """The pool's handle of the broker's process."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with held_interrupts():
            self.process = os.fork()
            if self.process == 0:
                ours.close()
                _serve(theirs)
        theirs.close()
        self._line = MessageLine(ours)

    def connect(self, permit: Permit) -> tuple[socket.socket, int]:
        """Return a worker's end of a new connection, and the descriptor that it prints to, which is shown as such."""
        ours, theirs = socket.socketpair()
        source, sink = os.pipe()
        with closing(ours):
            self._line.send(permit, [ours.fileno(), source])
        os.close(source)
        return theirs, sink

    def end(self) -> None:
        self._line.close()
        os.waitpid(self.process, 0)


def _serve(connection: socket.socket) -> None:
    """Serve the connections that come over `connection` until the pool closes it; then this process ends."""
    status = 1
    try:
        atexit._clear()  # the pool's own; what this process leaves to its end is its own
        for kind in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(kind, signal.SIG_IGN)  # it ends when its pool does
        signal.pthread_sigmask(signal.SIG_UNBLOCK, signal.valid_signals())
        line, sessions, relays = MessageLine(connection), list[WorkerSession](), list[threading.Thread]()
        with suppress(EOFError, OSError):
            while True:
                permit, (theirs, output) = line.receive(Permit)
                relays.append(threading.Thread(target=_relay, args=(output,), daemon=True))
                relays[-1].start()
                sessions.append(WorkerSession(permit))
                own = MessageLine(socket.socket(fileno=theirs))
                threading.Thread(target=_serve_worker, args=(own, sessions[-1]), daemon=True).start()
        for session in sessions:
            session.end_all()
        for relay in relays:
            relay.join(_DRAIN_S)
        atexit._run_exitfuncs()
        status = 0
    finally:
        os._exit(status)


def _relay(output: int) -> None:
    """Show what a library or plugin prints in a worker, without what a terminal or a CI system would obey."""
    with os.fdopen(output, "rb") as lines:
        left = _MAX_LOGGED if is_on() else _MAX_PRINTED
        for line in iter(lambda: lines.readline(_MAX_LINE), b""):
            left -= len(line)
            if left > 0:
                text = visible(line.decode("utf-8", "backslashreplace").rstrip()).replace("##", "# #")
                with suppress(OSError):
                    os.write(2, f"worker: {text}\n".encode("utf-8", "backslashreplace"))


def _serve_worker(line: MessageLine, session: WorkerSession) -> None:
    """Answer the calls of one worker in turn, until it closes the connection or sends what is no call."""
    with suppress(EOFError, OSError, ValueError, msgspec.MsgspecError):
        while True:
            call, files = line.receive(BrokerCall)
            with ExitStack() as opened:
                for file in files:
                    opened.callback(_close, file)
                answer, returned = _performed(call, files, session)
                for file in returned:
                    opened.callback(_close, file)
                line.send(answer, returned)
    line.close()
    session.end_all()


def _performed(call: BrokerCall, files: list[int], session: WorkerSession) -> tuple[BrokerAnswer, tuple[int, ...]]:
    try:
        function, shape = _function_of(call.name)
        reply = function(session, msgspec.msgpack.decode(call.argument, type=shape), files)
        return BrokerAnswer(msgspec.Raw(msgspec.msgpack.encode(reply.value))), reply.files
    except GateError as error:
        return BrokerAnswer(failure=Failure.of(error)), ()
    except Exception as error:  # noqa: BLE001  (a worker can ask for anything; its words are not repeated)
        debug_traceback(error)
        failed = GateError(f"the call {call.name[:40]!r} failed ({type(error).__name__})")
        return BrokerAnswer(failure=Failure.of(failed)), ()


@cache
def _function_of(name: str) -> tuple[Callable[..., Reply], Any]:
    """Return the function of a call, and the type of its argument."""
    module, _, attribute = CALLS[name].partition(":")
    function = getattr(import_module(module), attribute)
    return function, get_type_hints(function)["argument"]


def _close(file: int) -> None:
    with suppress(OSError):
        os.close(file)
