"""What the broker runs for a worker: it is ended by its number, or with the worker."""

import os
import threading
from collections.abc import Iterator

import pytest

from gate.core.errors import GateError
from gate.pipeline.broker import Permit, WorkerSession


def test_what_runs_is_ended_once_by_its_number() -> None:
    running, ended = WorkerSession(Permit()), []
    first, second = (running.begin(lambda name=name: ended.append(name)) for name in ("a", "b"))  # type: ignore[misc]
    running.end(second)
    running.end(second)
    assert ended == ["b"]
    running.forget(first)
    running.end_all()
    assert ended == ["b"]


def test_with_the_worker_all_ends_that_does_not_end_by_itself() -> None:
    running, ended = WorkerSession(Permit()), []

    def fail() -> None:
        raise GateError("broken")

    running.begin(fail)
    running.begin(lambda: ended.append("program"))
    running.begin(lambda: ended.append("stream"), ends_by_itself=True)
    running.end_all()
    assert ended == ["program"]


def test_a_stream_that_has_no_reader_left_is_not_waited_for() -> None:
    release, finished = threading.Event(), threading.Event()

    def pieces() -> Iterator[bytes]:
        yield b"first"
        release.wait(10)
        finished.set()

    running = WorkerSession(Permit())
    (source,) = running.stream(pieces()).files
    assert os.read(source, 5) == b"first"
    running.end_all()
    assert not finished.is_set()
    release.set()
    os.close(source)


def test_the_error_of_a_stream_is_raised_where_its_end_is_asked_for() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"first"
        raise GateError("the layer is cut off")

    running = WorkerSession(Permit())
    reply = running.stream(pieces())
    (source,) = reply.files
    with os.fdopen(source, "rb") as stream:
        assert stream.read() == b"first"
    with pytest.raises(GateError, match="cut off"):
        running.end(int(str(reply.value)))
