"""An interrupted run leaves nothing half-written and no process behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gate.model import Tree
from tests.cli.interrupting import check_ends_in_words, start
from tests.processes import children_of, left_of


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads Linux's /proc")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_nothing_behind(
    make_tree: Callable[[dict[str, str | bytes]], Tree], tmp_path: Path, sent: signal.Signals
) -> None:
    text = "".join(f"password_{number} = 'hunter{number * 7919}'\n" for number in range(3000))
    root = make_tree({f"{number}.py": text for number in range(200)}).root
    reports = tmp_path / "reports"
    reports.mkdir()
    words = ("run", root, "--stage", "secrets", "--report", f"json={reports}/a.json")
    process = start(*words, home=tmp_path / "home")
    deadline = time.monotonic() + 30
    while not (workers := children_of(process.pid)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert workers
    check_ends_in_words(process, sent)
    assert list(reports.iterdir()) == []
    assert left_of(workers) == []  # a worker's git ends once its pipe is closed


INTERRUPTED_IN_A_FORK = """
import os, signal, sys
os.register_at_fork(after_in_parent=lambda: os.kill(os.getpid(), signal.SIGTERM))
from gate.__main__ import main
sys.argv = ["gate", "run", sys.argv[1], "--stage", "secrets", "--no-cache"]
sys.exit(main())
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_an_interrupt_while_a_worker_is_forked_is_not_lost(make_tree: Callable[..., Tree], own_cache: Path) -> None:
    command = [sys.executable, "-c", INTERRUPTED_IN_A_FORK, make_tree({"a.py": "x = 1\n"}).root]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stderr) == (130, "gate: interrupted\n")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_an_interrupt_that_a_process_gets_as_it_is_forked_is_not_its_own(
    make_tree: Callable[..., Tree], own_cache: Path
) -> None:
    """A terminal sends it to all; the broker and the workers end when the process does that forked them."""
    program = INTERRUPTED_IN_A_FORK.replace("after_in_parent", "after_in_child").replace("SIGTERM", "SIGINT")
    command = [sys.executable, "-c", program, make_tree({"a.py": "x = 1\n"}).root]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    assert "interrupted" not in done.stderr


PUT_OFF_UNTIL_THE_END = """
import os, signal, sys, time
from gate.core import interrupts

class Finder:
    def find_spec(name, path=None, target=None):
        if name == "torn":
            sys.meta_path.remove(Finder)
            os.kill(os.getpid(), signal.SIGTERM)
            for _ in range(1000): pass  # the handler runs in here, and puts the interrupt off

def work(words=None, prepare=None):
    prepare()
    sys.meta_path.insert(0, Finder)
    try:
        import torn
    except ModuleNotFoundError:
        pass
    assert interrupts._came
    return 130

import gate.__main__, gate.cli
gate.cli.main = work

class Late:  # goes when the modules do, and the timer rings meanwhile
    def __del__(self, wait=time.sleep, seconds=5 * interrupts._AGAIN_S):
        wait(seconds)

sys.late = Late()
sys.exit(gate.__main__.main())
"""


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="Windows has no timer")
def test_an_interrupt_that_was_put_off_does_not_kill_the_process_at_its_end(own_cache: Path) -> None:
    done = subprocess.run([sys.executable, "-c", PUT_OFF_UNTIL_THE_END], capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stderr) == (130, "")


LOST_INTERRUPT = """
import os, signal, sys, weakref
from gate.pipeline import workers

class Thing: pass

def dropped(*_):
    os.kill(os.getpid(), signal.SIGTERM)
    for _ in range(1000): pass  # the handler runs in here, and what it raises goes nowhere

receive = workers.Pool._receive
def received(pool, worker):
    thing = Thing()
    keep = weakref.ref(thing, dropped)
    del thing
    workers.Pool._receive = receive
    receive(pool, worker)
workers.Pool._receive = received

from gate.__main__ import main
sys.argv = ["gate", "run", sys.argv[1], "--stage", "secrets", "--no-cache"]
sys.exit(main())
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_an_interrupt_that_python_drops_is_not_lost(make_tree: Callable[..., Tree], own_cache: Path) -> None:
    root = make_tree({f"{number}.py": "x = 1\n" for number in range(100)}).root
    command = [sys.executable, "-c", LOST_INTERRUPT, root]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert "Exception ignored in" in done.stderr
    assert (done.returncode, done.stderr.splitlines()[-1]) == (130, "gate: interrupted")


INTERRUPTED_IN_EVAL = """
import os, signal, sys
from gate.pipeline import workers

workers.Pool._receive = lambda *_: eval("os.kill(os.getpid(), signal.SIGTERM)")

from gate.__main__ import main
sys.argv = ["gate", "run", sys.argv[1], "--stage", "secrets", "--no-cache"]
sys.exit(main())
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_an_interrupt_of_an_eval_has_the_same_status(
    make_tree: Callable[..., Tree], own_cache: Path, tmp_path: Path
) -> None:
    """As of those by which named tuples are made, when a module is imported; Python minds it of `-m` alone."""
    (tmp_path / "interrupted.py").write_text(INTERRUPTED_IN_EVAL)
    command = [sys.executable, "-m", "interrupted", make_tree({"a.py": "x = 1\n"}).root]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, cwd=tmp_path)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (130, "gate: interrupted")
