"""The porter: a process that does errands for workers, which can do nothing themselves but read and answer.

It is forked before anything of a target is read, and parses none of it. It alone has the environment, the network, and
programs. It looks at each errand as at a stranger's: `Permit` says for which target a worker works, and the errand's
function whether that target needs what is asked. Each worker has a line of its own, attended by a thread.
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
from gate.core.text import visible
from gate.model import Target
from gate.pipeline.broker_calls import ERRANDS
from gate.pipeline.interrupts import held_interrupts
from gate.settings import Settings

_MOST_AT_ONCE = 64
"""Programs and streams of one worker."""
_MOST_PRINTED, _LONGEST_PRINTED = 64 << 10, 1000
"""Bytes that one worker may print, and of one line of it."""
_MOST_LOGGED = 16 << 20
"""Bytes that it may print while steps are logged."""
_LAST_WORDS_S = 0.5
"""For what workers printed before they ended."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Permit(msgspec.Struct, frozen=True, kw_only=True):
    """For whom errands are done."""

    target: Target | None = None
    settings: Settings = Settings()
    cache_folder: str = ""
    now: datetime = EPOCH
    """The time of the run."""


class Reply(msgspec.Struct, frozen=True):
    """What an errand comes to: a value that msgspec can carry, and open descriptors, which are closed here then."""

    value: object = None
    files: tuple[int, ...] = ()


class Visit:
    """One worker's errands: whose they are, and what is going on for it, which ends when the worker does."""

    def __init__(self, permit: Permit) -> None:
        self.permit = permit
        self.kept: dict[str, Any] = {}
        """What errands keep for later ones of the same worker."""
        self._going_on: dict[int, tuple[Callable[[], None], bool]] = {}
        self._number = 0
        self._lock = threading.Lock()

    def begin(self, end: Callable[[], None], *, ends_by_itself: bool = False) -> int:
        """Note something that goes on until it is ended by its number, which is returned, or with the worker.

        What ends by itself once the worker is gone is not waited for then.
        """
        with self._lock:
            if len(self._going_on) >= _MOST_AT_ONCE:
                raise GateError("too much goes on at a time")
            self._number += 1
            self._going_on[self._number] = (end, ends_by_itself)
            return self._number

    def end(self, number: int) -> None:
        """End what goes on under this number; raises what it ended by."""
        with self._lock:
            end, _ = self._going_on.pop(number, (None, True))
        if end is not None:
            end()

    def forget(self, number: int) -> None:
        """Note that what goes on under this number has ended by itself."""
        with self._lock:
            self._going_on.pop(number, None)

    def end_all(self) -> None:
        for number, (_, ends_by_itself) in list(self._going_on.items()):
            with suppress(Exception):
                if ends_by_itself:
                    continue
                self.end(number)

    def stream(self, pieces: Iterator[bytes]) -> Reply:
        """Begin to write what an iterator yields to a pipe; return its number and the end to read from."""
        source, sink = os.pipe()
        pouring = _Pouring(pieces, sink)
        return Reply(self.begin(pouring.end, ends_by_itself=True), (source,))


class _Pouring:
    """Bytes that a thread writes to a pipe."""

    def __init__(self, pieces: Iterator[bytes], sink: int) -> None:
        self._pieces = pieces
        self._sink = sink
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._pour, daemon=True)
        self._thread.start()

    def _pour(self) -> None:
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
    """The pool's hold on the porter's process."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with held_interrupts():
            self.process = os.fork()
        if self.process == 0:
            ours.close()
            _serve(theirs)
        theirs.close()
        self._line = MessageLine(ours)

    def admit(self, permit: Permit) -> tuple[socket.socket, int]:
        """Return a worker's end of a new line to the porter, and where it may print, which is shown as such."""
        ours, theirs = socket.socketpair()
        heard, said = os.pipe()
        with closing(ours):
            self._line.send(permit, [ours.fileno(), heard])
        os.close(heard)
        return theirs, said

    def end(self) -> None:
        self._line.close()
        os.waitpid(self.process, 0)


def _serve(connection: socket.socket) -> None:
    """Attend to the lines that come over `connection`, until the pool has hung up; then this process ends."""
    status = 1
    try:
        atexit._clear()  # the pool's own; what this process leaves to its end is its own
        for kind in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(kind, signal.SIG_IGN)  # it ends when its pool does
        signal.pthread_sigmask(signal.SIG_UNBLOCK, signal.valid_signals())
        line, visits, relays = MessageLine(connection), list[Visit](), list[threading.Thread]()
        with suppress(EOFError, OSError):
            while True:
                permit, (theirs, heard) = line.receive(Permit)
                relays.append(threading.Thread(target=_relay, args=(heard,), daemon=True))
                relays[-1].start()
                visits.append(Visit(permit))
                own = MessageLine(socket.socket(fileno=theirs))
                threading.Thread(target=_attend, args=(own, visits[-1]), daemon=True).start()
        for visit in visits:
            visit.end_all()
        for relay in relays:
            relay.join(_LAST_WORDS_S)
        atexit._run_exitfuncs()
        status = 0
    finally:
        os._exit(status)


def _relay(heard: int) -> None:
    """Show what a library or plugin prints in a worker, as nothing that a terminal or a CI system would obey."""
    with os.fdopen(heard, "rb") as lines:
        left = _MOST_LOGGED if is_on() else _MOST_PRINTED
        for line in iter(lambda: lines.readline(_LONGEST_PRINTED), b""):
            left -= len(line)
            if left > 0:
                text = visible(line.decode("utf-8", "backslashreplace").rstrip()).replace("##", "# #")
                with suppress(OSError):
                    os.write(2, f"worker: {text}\n".encode("utf-8", "backslashreplace"))


def _attend(line: MessageLine, visit: Visit) -> None:
    """Answer the calls of one worker in turn, until it hangs up or sends what is no call."""
    with suppress(EOFError, OSError, ValueError, msgspec.MsgspecError):
        while True:
            asked, files = line.receive(BrokerCall)
            with ExitStack() as opened:
                for file in files:
                    opened.callback(_close, file)
                told, given = _analysed(asked, files, visit)
                for file in given:
                    opened.callback(_close, file)
                line.send(told, given)
    line.close()
    visit.end_all()


def _analysed(asked: BrokerCall, files: list[int], visit: Visit) -> tuple[BrokerAnswer, tuple[int, ...]]:
    try:
        errand, shape = _errand(asked.name)
        reply = errand(visit, msgspec.msgpack.decode(asked.argument, type=shape), files)
        return BrokerAnswer(msgspec.Raw(msgspec.msgpack.encode(reply.value))), reply.files
    except GateError as error:
        return BrokerAnswer(failure=Failure.of(error)), ()
    except Exception as error:  # noqa: BLE001  (a worker can ask for anything; its words are not repeated)
        debug_traceback(error)
        return BrokerAnswer(
            failure=Failure.of(GateError(f"the errand {asked.name[:40]!r} failed ({type(error).__name__})"))
        ), ()


@cache
def _errand(name: str) -> tuple[Callable[..., Reply], Any]:
    """Return the function of an errand, and the type of its argument."""
    module, _, attribute = ERRANDS[name].partition(":")
    function = getattr(import_module(module), attribute)
    return function, get_type_hints(function)["argument"]


def _close(file: int) -> None:
    with suppress(OSError):
        os.close(file)
