"""Work in a forked process comes to what it would have come to here, whatever happens to that process."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from gate.core.errors import UnreadableError
from gate.images.forked import run_in_fork

HERE = os.getpid()


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no thread count that another test of this process has left behind."""
    monkeypatch.setattr(threading, "active_count", lambda: 1)


@pytest.mark.usefixtures("alone")
def test_another_process_does_the_work_with_what_this_one_has_read() -> None:
    read = {"layer": b"content"}
    with run_in_fork(lambda: (os.getpid(), len(read["layer"])), tuple[int, int]) as outcome:
        process, size = outcome()
    assert process != HERE
    assert size == 7


@pytest.mark.usefixtures("alone")
def test_it_goes_on_while_this_process_does_something_else() -> None:
    there, here = os.pipe()

    def work() -> int:
        os.write(here, b"!")
        return 1

    with run_in_fork(work, int) as outcome:
        assert os.read(there, 1) == b"!"
        assert outcome() == 1


@pytest.mark.usefixtures("alone")
def test_what_it_raises_is_raised_here() -> None:
    def work() -> int:
        raise UnreadableError("is truncated", path="etc/passwd")

    with run_in_fork(work, int) as outcome, pytest.raises(UnreadableError, match="is truncated"):
        outcome()


@pytest.mark.usefixtures("alone")
def test_what_a_process_that_dies_left_undone_is_done_here() -> None:
    def work() -> int:
        if os.getpid() != HERE:
            os.kill(os.getpid(), signal.SIGKILL)
        return os.getpid()

    with run_in_fork(work, int) as outcome:
        assert outcome() == HERE


def test_beside_other_threads_the_work_is_done_here() -> None:
    is_over = threading.Event()
    thread = threading.Thread(target=is_over.wait)
    thread.start()
    try:
        with run_in_fork(os.getpid, int) as outcome:
            assert outcome() == HERE
    finally:
        is_over.set()
        thread.join()


@pytest.mark.usefixtures("alone")
def test_nothing_is_left_running_when_nobody_wants_the_outcome() -> None:
    there, here = os.pipe()

    def work() -> int:
        os.write(here, str(os.getpid()).encode())
        time.sleep(60)
        return 0

    with run_in_fork(work, int):
        process = int(os.read(there, 20))
    assert not is_running(process)


def test_it_ends_with_the_process_that_began_it() -> None:
    script = (
        "import os, time\n"
        "from gate.images.forked import run_in_fork\n"
        "def work() -> int:\n"
        "    os.write(1, f'{os.getpid()} '.encode())\n"
        "    time.sleep(60)\n"
        "    return 0\n"
        "with run_in_fork(work, int):\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as first:
        assert first.stdout is not None
        process = int(os.read(first.stdout.fileno(), 20))
        first.kill()
    ended_by = time.monotonic() + 10
    while is_running(process) and time.monotonic() < ended_by:
        time.sleep(0.01)
    assert not is_running(process)


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{process}/stat") as stat:
        return stat.read().rpartition(")")[2].split()[0] != "Z"
