"""What a Dask scheduler costs a fleet run, and what a second worker gains: targets whose judging is a stand-in.

    python benchmarks/fleet_scheduler.py noop [--targets 100000] [--workers 2]    # nothing to judge
    python benchmarks/fleet_scheduler.py work [--targets 200]    # 50 ms of processor time each, by 1 and 2 workers
    python benchmarks/fleet_scheduler.py gate [--targets 40]     # folders with a Dockerfile, by `gate run`
    python benchmarks/fleet_scheduler.py wait [--targets 200]    # 250 ms of waiting each, as if cores were idle

Everything else is real: a scheduler and worker processes on loopback, batches, claims and the ledger in a store, which
is a folder. It prints wall time, processor time of all processes, and the load of the machine before.

Where other programs share the cores, wall time says little of what a second worker gains. So `work` and `gate` also
reckon it from processor time, which such programs hardly change: what the workers (with their children) took, which two
share if they get as many batches, and what the run and the scheduler took, of which no second worker takes a part:

    (workers of the first run + serial) / (workers of the second run / 2 + serial)
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psutil

from gate.fleet import on_dask, target_run
from gate.fleet.fleet_run import run_fleet
from gate.fleet.ledger import Ledger
from gate.fleet.store import make_store
from gate.fleet.target_run import FleetPlan, TargetJudgement, TargetOutcome
from gate.model import VerdictStatus

WORK_S = 0.05
"""Seconds of processor time of a target."""
WAIT_S = 0.25


def noop(plan: FleetPlan, ledger: Ledger, target: str) -> TargetJudgement:
    return TargetJudgement(VerdictStatus.PASS)


def work(plan: FleetPlan, ledger: Ledger, target: str) -> TargetJudgement:
    end = time.thread_time() + WORK_S
    while time.thread_time() < end:
        pass
    return TargetJudgement(VerdictStatus.PASS)


def wait(plan: FleetPlan, ledger: Ledger, target: str) -> TargetJudgement:
    time.sleep(WAIT_S)
    return TargetJudgement(VerdictStatus.PASS)


def judge_noop(plan: FleetPlan, targets: tuple[str, ...]) -> list[TargetOutcome]:
    target_run._judge = noop
    return target_run.judge_batch(plan, targets)


def judge_work(plan: FleetPlan, targets: tuple[str, ...]) -> list[TargetOutcome]:
    target_run._judge = work
    return target_run.judge_batch(plan, targets)


def judge_wait(plan: FleetPlan, targets: tuple[str, ...]) -> list[TargetOutcome]:
    target_run._judge = wait
    return target_run.judge_batch(plan, targets)


def judge_gate(plan: FleetPlan, targets: tuple[str, ...]) -> list[TargetOutcome]:
    return target_run.judge_batch(plan, targets)


class Usage:
    """Processor seconds of processes since this was made, those of children that ended included."""

    def __init__(self, processes: Sequence[subprocess.Popen[bytes]]) -> None:
        self._processes = [psutil.Process(process.pid) for process in processes]
        self._before = self._now()

    def seconds(self) -> list[float]:
        return [after - before for before, after in zip(self._before, self._now(), strict=True)]

    def _now(self) -> list[float]:
        times = [process.cpu_times() for process in self._processes]
        return [one.user + one.system + one.children_user + one.children_system for one in times]


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[tuple[str, Usage]]:
    """Yield the address of a scheduler with some workers of one thread each, and what these processes take."""
    file = folder / "scheduler.json"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent), "DASK_DISTRIBUTED__WORKER__DAEMON": "false"}
    head = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0"]
    quiet = {"env": environment, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    processes = [subprocess.Popen([*head, "--no-dashboard", "--scheduler-file", str(file)], **quiet)]
    while not (file.exists() and file.read_text().strip().endswith("}")):
        time.sleep(0.1)
    address = json.loads(file.read_text())["address"]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny"]
    worker += ["--no-dashboard", "--local-directory", str(folder / "dask")]
    processes += [subprocess.Popen(worker, **quiet) for _ in range(workers)]
    try:
        with on_dask._dask().Client(address) as client:
            client.wait_for_workers(workers)
        yield address.removeprefix("tcp://"), Usage(processes)
    finally:
        for process in processes:
            process.terminate()
            process.wait()


class Measured(NamedTuple):
    """Seconds: of wall time, and of processor time by the run with the scheduler, and by all workers."""

    wall: float
    serial: float
    workers: float


def measure(kind: str, count: int, workers: int) -> Measured:
    load = os.getloadavg()[0]
    on_dask.judge_batch = JUDGES[kind]
    with tempfile.TemporaryDirectory() as folder:
        make_store(f"{folder}/store")
        plan = FleetPlan(store=f"{folder}/store", run="measured", options=("--stage", "dockerfile"))
        targets = list(targets_of(kind, Path(folder), count))
        with cluster(Path(folder), workers) as (address, usage):
            start, own = time.perf_counter(), time.process_time()
            totals = run_fleet(plan, targets, on_dask.on_dask(address), lambda _: None)
            wall, own = time.perf_counter() - start, time.process_time() - own
            scheduler, *judging = usage.seconds()
    assert totals.count(VerdictStatus.INCOMPLETE) == 0
    assert len(totals.entries) == count
    shares = " and ".join(f"{one:.1f}" for one in judging)
    print(f"{kind}: {count:,} targets, {workers} workers: {wall:.1f} s; processor: {own:.1f} s of the run,", end=" ")
    print(f"{scheduler:.1f} s of the scheduler, {shares} s of the workers; load before: {load:.1f}", flush=True)
    return Measured(wall, own + scheduler, sum(judging))


def targets_of(kind: str, folder: Path, count: int) -> Iterator[str]:
    for number in range(count):
        if kind != "gate":
            yield f"https://git.example.com/team{number % 500}/service{number}"
            continue
        place = folder / "targets" / str(number)
        place.mkdir(parents=True)
        (place / "Dockerfile").write_text("FROM scratch\nUSER 1000\n")
        yield str(place)


JUDGES = {"noop": judge_noop, "work": judge_work, "wait": judge_wait, "gate": judge_gate}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=tuple(JUDGES))
    parser.add_argument("--targets", type=int)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    if given.kind == "noop":
        measure("noop", given.targets or 100_000, given.workers)
    else:
        count = given.targets or (40 if given.kind == "gate" else 200)
        measure(given.kind, 2, 1)  # so that the first run finds compiled code and warm caches, as the second does
        one, two = (measure(given.kind, count, workers) for workers in (1, 2))
        print(f"two workers were {one.wall / two.wall:.2f} times as fast as one", end="")
        if given.kind != "wait":
            gain = (one.workers + one.serial) / (two.workers / 2 + two.serial)
            print(f"; by processor time they are {gain:.2f} times as fast on cores of their own", end="")
        print()


if __name__ == "__main__":
    from fleet_scheduler import main as run  # so that workers find the functions by this module's name

    run()
