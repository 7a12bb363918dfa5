"""What a Dask scheduler costs a fleet run, and what a second worker gains: targets whose judging is a stand-in.

    python benchmarks/fleet_scheduler.py noop [--targets 100000] [--workers 2]    # nothing to judge
    python benchmarks/fleet_scheduler.py work [--targets 200]    # 50 ms of processor time each, by 1 and 2 workers
    python benchmarks/fleet_scheduler.py wait [--targets 200]    # 250 ms of waiting each, as if cores were idle

Everything else is real: a scheduler and worker processes on loopback, batches, claims and the ledger in a store, which
is a folder. It prints wall time, processor time of all processes, and the load of the machine before.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[str]:
    """Yield the address of a scheduler with some workers of one thread each."""
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
        yield address.removeprefix("tcp://")
    finally:
        for process in processes:
            process.terminate()
            process.wait()


def measure(kind: str, count: int, workers: int) -> float:
    load = os.getloadavg()[0]
    on_dask.judge_batch = {"noop": judge_noop, "work": judge_work, "wait": judge_wait}[kind]
    with tempfile.TemporaryDirectory() as folder:
        make_store(f"{folder}/store")
        plan = FleetPlan(store=f"{folder}/store", run="measured")
        targets = [f"https://git.example.com/team{number % 500}/service{number}" for number in range(count)]
        with cluster(Path(folder), workers) as address:
            start, own = time.perf_counter(), time.process_time()
            totals = run_fleet(plan, targets, on_dask.on_dask(address), lambda _: None)
            took, own = time.perf_counter() - start, time.process_time() - own
    assert totals.count(VerdictStatus.PASS) == count
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{kind}: {count:,} targets, {workers} workers: {took:.1f} s; processor: {own:.1f} s of the run,", end=" ")
    print(f"{used.ru_utime + used.ru_stime:.1f} s of scheduler and workers so far; load before: {load:.1f}", flush=True)
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=("noop", "work", "wait"))
    parser.add_argument("--targets", type=int)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    if given.kind == "noop":
        measure("noop", given.targets or 100_000, given.workers)
    else:
        one, two = (measure(given.kind, given.targets or 200, workers) for workers in (1, 2))
        print(f"two workers are {one / two:.2f} times as fast as one")


if __name__ == "__main__":
    from fleet_scheduler import main as run  # so that workers find the functions by this module's name

    run()
