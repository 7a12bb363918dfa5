"""What an interrupt may not tear: the making of a folder that has to be removed, and the removal itself."""

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from gate.core.interrupts import INTERRUPTS, held_interrupts, without_interrupts
from tests.conftest import GitRepository

MakeRepository = Callable[..., GitRepository]

HELPERS = """
import os, signal, sys
import gate.__main__, gate.cli
from gate.core import interrupts

signal.signal(signal.SIGINT, signal.default_int_handler)  # the tests may run under `nohup`

def interrupt(number=signal.SIGTERM):
    os.kill(os.getpid(), number)
    for _ in range(1000): pass  # the handler runs in here
"""
INTERRUPTED_TWICE = f"""{HELPERS}
import atexit

def work(words=None, prepare=None):
    prepare()
    try:
        try:
            interrupt()
        finally:
            interrupt()
            print("cleaned", flush=True)
    except KeyboardInterrupt:
        atexit.register(print, "removed", flush=True)
        atexit.register(interrupt)
        return 130

interrupts._SAME_S = float(sys.argv[1])
gate.cli.main = work
gate.__main__.run()
"""
INTERRUPTED_IN_MKDTEMP = f"""{HELPERS}
import tempfile

make = tempfile.mkdtemp
def torn(*words, **named):
    folder = make(*words, **named)
    print(folder, flush=True)
    interrupt(number)
    return folder
tempfile.mkdtemp = torn

number = int(sys.argv.pop())
sys.argv[1:1] = ["run", "--stage", "secrets"]
gate.__main__.run()
"""


@pytest.mark.parametrize(("seconds", "printed"), [("60", "cleaned\nremoved\n"), ("0", "removed\n")])
def test_an_interrupt_soon_after_another_is_the_same(own_cache: Path, seconds: str, printed: str) -> None:
    """One that comes later tears what the first has left to do; what is removed at the end is removed in any case."""
    done = _run(INTERRUPTED_TWICE, seconds)
    assert (done.returncode, done.stdout, done.stderr) == (130, printed, "")


@pytest.mark.parametrize("number", INTERRUPTS, ids=lambda number: number.name)
def test_an_interrupt_while_the_folder_for_git_is_made_leaves_none(
    own_cache: Path, make_repository: MakeRepository, number: signal.Signals
) -> None:
    repository = make_repository()
    repository.commit({"a.txt": "one\n"})
    done = _run(INTERRUPTED_IN_MKDTEMP, str(repository.root), str(int(number)))
    assert (done.returncode, done.stderr.splitlines()[-1]) == (130, "gate: interrupted")
    (folder,) = done.stdout.splitlines()
    assert Path(folder).name.startswith("gate-git-")
    assert not Path(folder).exists()


def test_another_program_s_handlers_stay_as_they_are() -> None:
    before = [signal.getsignal(number) for number in INTERRUPTS]
    with without_interrupts(), held_interrupts():
        assert [signal.getsignal(number) for number in INTERRUPTS] == before
    assert [signal.getsignal(number) for number in INTERRUPTS] == before


def _run(program: str, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True, timeout=30)
