"""Running a function in a forked process, in parallel to this one and with all that this one has read."""

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
    """Start `work`, and give a function that waits for its result, which msgspec has to be able to encode as `shape`.

    If the other process fails, the work is done again here, so that it raises as if it had been done here at first. It
    is done here, when its result is asked for, where no process can be started: in an isolated worker, on a system
    without fork, and if there are other threads, because a lock that one of them holds would never be released in the
    fork.
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
    """Do the work in the forked process, which then exits; it also exits when the process ends that started it."""
    status = 1
    try:
        threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()
        with os.fdopen(answer, "wb") as stream:
            stream.write(msgspec.msgpack.encode(work()))
        status = 0
    finally:
        os._exit(status)


def _end_with(lifeline: int) -> None:
    """Exit when the other end of the pipe is closed, as it is when the process that wants the result is gone."""
    os.read(lifeline, 1)
    os._exit(1)


def _outcome(stream: BinaryIO, shape: type[Outcome], work: Callable[[], Outcome]) -> Outcome:
    try:
        return msgspec.msgpack.decode(stream.read(), type=shape)
    except msgspec.MsgspecError:  # it ended before it wrote a result
        return work()
