"""A worker's process as the pool sees it: what it does, how it ends, and when there is something to read from it."""

import os
import signal
import socket
import time
from contextlib import ExitStack

import pytest

from gate.pipeline.processes import ForkedProcess, readable, start_process

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")


def say(line: socket.socket, word: bytes) -> None:
    line.sendall(word)


def fail(_: object) -> None:
    raise ValueError("planted")


def ended(process: ForkedProcess) -> int | None:
    process.join()
    return process.exitcode


def test_a_process_does_its_work_and_ends_with_status_0() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        process = start_process(say, (theirs, b"done"))
        assert ours.recv(10) == b"done"
    assert isinstance(process, ForkedProcess)
    assert process.pid != os.getpid()
    assert ended(process) == 0


def test_work_that_raises_ends_its_own_process_alone(capfd: pytest.CaptureFixture[str]) -> None:
    assert ended(ForkedProcess(fail, (None,))) == 1
    assert "ValueError: planted" in capfd.readouterr().err


def test_what_was_printed_before_is_written_once(capfd: pytest.CaptureFixture[str]) -> None:
    print("once", end="")
    ended(ForkedProcess(print, ("",)))
    assert capfd.readouterr().out.count("once") == 1


def test_a_killed_process_has_the_signal_as_its_status() -> None:
    process = ForkedProcess(time.sleep, (60,))
    assert process.exitcode is None
    process.kill()
    assert ended(process) == -signal.SIGKILL
    process.kill()  # it is gone: its number may be another's by now


def test_only_what_can_be_read_is_returned() -> None:
    with ExitStack() as closing:
        ends = [closing.enter_context(end) for _ in range(3) for end in socket.socketpair()]
        spoken, speaker, silent, _, ended_line, other_end = ends
        assert readable([spoken, silent, ended_line], 0) == []
        speaker.sendall(b"x")
        other_end.close()
        assert set(readable([spoken, silent, ended_line], 5)) == {spoken, ended_line}
