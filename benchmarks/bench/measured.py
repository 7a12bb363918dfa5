"""Runs commands in turn, and keeps what each run took and what its report says."""

import os
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SAMPLE_S = 0.05
_WAIT_FOR_LOOK = 20
"""To look at the memory of large processes holds them up, so that the next look waits this many times as long."""


def nothing() -> None:
    """Stands for the step before a command that needs none."""


@dataclass(frozen=True)
class Command:
    """What is measured: `words` with `{report}` where the name of a report belongs."""

    name: str
    words: Sequence[str]
    found: Callable[[Path], str] = lambda report: ""
    """Says in a few words what the report has."""
    before: Callable[[], None] = nothing
    """Runs before each run, and is not measured."""
    statuses: Sequence[int] = (0,)
    """With which it may end; another one means that it did not do its work."""
    once: bool = False
    """It takes minutes, so the run in which its memory is looked at is its only one."""


@dataclass
class Spent:
    """What the runs of a command took: seconds and MiB."""

    wall_s: list[float] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)
    peak_mib: float = 0.0
    """Of all its processes together, what they share counted once, looked at every 50 ms, large processes
    less often, in a run of its own."""
    found: str = ""


@dataclass(frozen=True, eq=False)
class Group:
    """Commands that answer one question on the same input."""

    name: str
    question: str
    folder: Path
    commands: Sequence[Command]
    runs: int = 0
    """Where other than asked for."""


class _Memory(threading.Thread):
    """Adds up the memory of the processes of a session while it lives."""

    def __init__(self, session: int) -> None:
        super().__init__(daemon=True)
        self._session = session
        self._is_over = threading.Event()
        self.peak_kib = 0

    def run(self) -> None:
        wait_s = SAMPLE_S
        while not self._is_over.wait(wait_s):
            began = time.perf_counter()
            self.peak_kib = max(self.peak_kib, sum(map(self._share_of, Path("/proc").glob("[0-9]*"))))
            wait_s = max(SAMPLE_S, _WAIT_FOR_LOOK * (time.perf_counter() - began))

    def end(self) -> float:
        """Return the peak in MiB."""
        self._is_over.set()
        self.join()
        return self.peak_kib / 1024

    def _share_of(self, process: Path) -> int:
        try:
            session = int((process / "stat").read_text().rpartition(")")[2].split()[3])
            lines = (process / "smaps_rollup").read_text().split("\n") if session == self._session else []
        except OSError:  # it has ended meanwhile
            return 0
        return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def measure(group: Group, scratch: Path, runs: int) -> dict[str, Spent]:
    """Run the commands of a group in turn: once to warm up and to look at the memory, then `runs` times.

    Raises:
        SystemExit: A command ended with another status than it may.
    """
    spent = {command.name: Spent() for command in group.commands}
    for turn in range((group.runs or runs) + 1):
        for command in (one for one in group.commands if not (turn and one.once)):
            report = scratch / "report"
            report.unlink(missing_ok=True)
            command.before()
            kept = spent[command.name]
            wall_s, cpu_s, peak_mib = run_once(command, group.folder, report, with_memory=turn == 0)
            if turn == 0:
                kept.peak_mib = peak_mib
                kept.found = command.found(report)
            if turn or command.once:
                kept.wall_s.append(wall_s)
                kept.cpu_s.append(cpu_s)
    return spent


def run_once(command: Command, folder: Path, report: Path, *, with_memory: bool) -> tuple[float, float, float]:
    """Return the seconds by the clock and of the processor, and the peak in MiB, 0 if it is not looked at.

    Raises:
        SystemExit: The command ended with another status than it may.
    """
    words = [word.replace("{report}", str(report)) for word in command.words]
    log = report.with_name("log")
    started = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(words, cwd=folder, stdout=output, stderr=output, start_new_session=True)
        memory = _Memory(process.pid) if with_memory else None
        if memory:
            memory.start()
        _, status, usage = os.wait4(process.pid, 0)
    wall_s = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in command.statuses:
        said = log.read_text(errors="replace")[-2000:]
        raise SystemExit(f"{command.name} ended with {process.returncode}: {' '.join(words)}\n{said}")
    return wall_s, usage.ru_utime + usage.ru_stime, memory.end() if memory else 0.0


def row_of(values: Sequence[float]) -> str:
    """Return minimum, median and maximum in words."""
    return f"{min(values):.2f} · {statistics.median(values):.2f} · {max(values):.2f}"
