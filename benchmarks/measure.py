"""Runs commands in turn and tells what each took: the median of wall and processor seconds, and peak memory."""

import os
import statistics
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import gate  # noqa: F401  (a Python without the gate would fail in no time, and count as fast)


@dataclass(frozen=True)
class Cost:
    """What one run of a command took, its own children included."""

    wall_s: float
    cpu_s: float
    peak_mib: float
    """Of the largest of its processes."""
    status: int


os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # as pip installs it, a program is compiled before its first run


def run_once(command: list[str], folder: Path) -> Cost:
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - started
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, process.returncode)


def compare(commands: dict[str, list[str]], folder: Path, runs: int) -> dict[str, Cost]:
    """Run every command `runs` times, in turn, after one warm-up each; return the medians by name.

    With no runs the warm-up itself is what counts.
    """
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for turn in range(runs + 1):
        for name, command in commands.items():
            cost = run_once(command, folder)
            if turn or not runs:
                costs[name].append(cost)
    return {name: _median(measured) for name, measured in costs.items()}


def _median(costs: list[Cost]) -> Cost:
    return Cost(
        statistics.median(cost.wall_s for cost in costs),
        statistics.median(cost.cpu_s for cost in costs),
        max(cost.peak_mib for cost in costs),
        costs[0].status,
    )


def print_table(costs: dict[str, Cost], peer: str) -> None:
    """Print the medians as a Markdown table, each with its processor time as a share of the peer's."""
    print("| command | wall, s | CPU, s | CPU / peer | peak, MiB | status |\n| --- | --- | --- | --- | --- | --- |")
    for name, cost in costs.items():
        share = cost.cpu_s / costs[peer].cpu_s
        print(f"| {name} | {cost.wall_s:.3f} | {cost.cpu_s:.3f} | {share:.2f} | {cost.peak_mib:.0f} | {cost.status} |")
