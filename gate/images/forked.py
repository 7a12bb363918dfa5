"""Work that goes on beside other work, in a forked process that has all that this one has read."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, TypeVar

import msgspec

from gate.core import broker

Outcome = TypeVar("Outcome")


@contextmanager
def run_in_fork(work: Callable[[], Outcome], shape: type[Outcome]) -> Iterator[Callable[[], Outcome]]:
    """Begin with `work`; give what waits for its outcome, whose type msgspec can carry as `shape`.

    What the other process cannot do is done again here, so that it raises, or is ended, as if it had always been here.
    In a worker that may start no process, without fork, or beside other threads (whose locks a fork would keep for
    ever), all of it is done here, when asked.
    """
    if broker.is_connected() or not hasattr(os, "fork") or threading.active_count() > 1:
        yield work
        return
    answer, theirs = os.pipe()
    lifeline, ours = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    process = os.fork()
    if process == 0:
        os.close(answer)
        os.close(ours)
        _work(work, theirs, lifeline)
    os.close(theirs)
    os.close(lifeline)
    with os.fdopen(answer, "rb") as stream, os.fdopen(ours, "wb"):
        try:
            yield lambda: _outcome(stream, shape, work)
        finally:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)


def _work(work: Callable[[], object], answer: int, lifeline: int) -> None:
    """Do the work in the new process, which ends here, or with the one that began it."""
    status = 1
    try:
        threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()
        with os.fdopen(answer, "wb") as stream:
            stream.write(msgspec.msgpack.encode(work()))
        status = 0
    finally:
        os._exit(status)


def _end_with(lifeline: int) -> None:
    """Wait until nobody holds the other end any more: the process that wants the answer is gone."""
    os.read(lifeline, 1)
    os._exit(1)


def _outcome(stream: BinaryIO, shape: type[Outcome], work: Callable[[], Outcome]) -> Outcome:
    try:
        return msgspec.msgpack.decode(stream.read(), type=shape)
    except msgspec.MsgspecError:  # it ended before it had an answer
        return work()
