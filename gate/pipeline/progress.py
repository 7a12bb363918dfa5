"""What is going on, on standard error: a line a stage that changes on a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Callable
from typing import TextIO

import msgspec

from gate.core.debug import is_on
from gate.core.read_counter import ReadCount
from gate.core.text import counted, visible
from gate.model import StageResult, StageStatus, Tree
from gate.pipeline.plan import Job
from gate.pipeline.workers import PoolStep

EVERY_S = 5.0
"""Seconds between two plain lines while work goes on."""
_LIVE_EVERY_S = 0.1
_MOST_LINES = 10
_MIB = 1 << 20
_MARKS = {StageStatus.OK: "done", StageStatus.ERROR: "could not finish", StageStatus.SKIPPED: "skipped"}


class _Row(msgspec.Struct):
    """A job that is running."""

    name: str
    started: float
    text: str = ""
    done: int = 0
    total: int = 0
    since: float = 0.0
    """Time at which the first part was done."""
    read: ReadCount = ReadCount()

    def take(self, step: PoolStep, now: float) -> None:
        self.text = step.text or self.text
        if step.total and (step.total != self.total or not self.since):
            self.since = now
        self.done, self.total = (step.done, step.total) if step.total else (self.done, self.total)
        self.read = step.read if step.read.bytes else self.read

    def line(self, now: float) -> str:
        """Return `secrets (shop): 1,234 files, 800 of 1,234, 400/s, 8.2 MiB, 4.1 MiB/s`."""
        parts = [self.text] if self.text else []
        if self.total:
            parts.append(f"{self.done:,} of {self.total:,}")
            parts += _rate(self.done, now - self.since, ",.0f", "")
        elif self.read.files:
            parts.append(f"{counted(self.read.files, 'file')} read")
        if self.read.bytes >= _MIB:
            parts.append(f"{self.read.bytes / _MIB:,.1f} MiB")
            parts += _rate(self.read.bytes / _MIB, now - self.started, ",.1f", " MiB")
        return visible(f"{self.name}: {', '.join(parts) or 'working'}")


def _rate(done: float, seconds: float, form: str, unit: str) -> list[str]:
    """Return the rate a second; nothing during the first second, when it would be inaccurate."""
    return [f"{done / seconds:{form}}{unit}/s"] if seconds > 1 else []


class Progress:
    """Shows jobs as they start, go on and finish."""

    def __init__(
        self,
        stream: TextIO | None = None,
        *,
        is_quiet: bool = False,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> None:
        """`meanwhile` is called once, while the first jobs run: it prepares what comes after them."""
        self._meanwhile: Callable[[], None] | None = meanwhile
        self._stream = stream or sys.stderr
        self._is_quiet = is_quiet
        self._is_live = self._stream.isatty() and not is_quiet and not is_on()
        self._batch: list[_Row] = []
        """The jobs that were started together, in their order: steps name them by their index."""
        self._running: list[_Row] = []
        self._shown = 0
        """Lines on the terminal that the next ones replace."""
        self._started = self._shown_at = time.monotonic()

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_: object) -> None:
        self._clear()

    def started(self, job: Job) -> None:
        if not self._running:
            self._batch = []
        row = _Row(_name(job), time.monotonic())
        self._batch.append(row)
        self._running.append(row)

    def finished(self, job: Job, result: StageResult) -> None:
        self._running.remove(next(row for row in self._running if row.name == _name(job)))
        self._clear()
        if not self._is_quiet:
            self._stream.write(f"{visible(_line(job, result))}\n")
            self._shown_at = time.monotonic()

    def say(self, step: PoolStep | None) -> None:
        """Take in what a stage is doing, or that time has passed, and show it if it is time to."""
        if self._meanwhile is not None:
            meanwhile, self._meanwhile = self._meanwhile, None
            meanwhile()
        now = time.monotonic()
        if step is not None and self._running:  # after the jobs it is of the reading of excerpts
            self._batch[step.index].take(step, now)
        every_s = _LIVE_EVERY_S if self._is_live else EVERY_S
        if not self._is_quiet and self._running and now - self._shown_at >= every_s:
            self._shown_at = now
            self._show(now)

    def _show(self, now: float) -> None:
        lines = [row.line(now) for row in self._running]
        if not self._is_live:
            self._stream.write(f"{now - self._started:,.0f} s  {'; '.join(lines)}\n")
            self._stream.flush()
            return
        from shutil import get_terminal_size  # late: most runs show no live view

        width = get_terminal_size((100, 24)).columns - 1
        self._clear()
        more = [f"and {len(lines) - _MOST_LINES:,} more"] if len(lines) > _MOST_LINES else []
        for line in (*lines[:_MOST_LINES], *more):
            self._stream.write(f"{now - self._started:5.1f} s  {line}"[:width] + "\n")
        self._shown = min(len(lines), _MOST_LINES) + len(more)
        self._stream.flush()

    def _clear(self) -> None:
        """Take the lines away: up to the first of them, and everything from there on."""
        if self._shown:
            self._stream.write(f"\x1b[{self._shown}F\x1b[J")
            self._stream.flush()
            self._shown = 0


def _name(job: Job) -> str:
    revision = job.target.revision if isinstance(job.target, Tree) else None
    return f"{job.stage} ({job.target.name}{' at ' + revision[:12] if revision else ''})"


def _line(job: Job, result: StageResult) -> str:
    found = "" if result.status is StageStatus.SKIPPED else f", {counted(len(result.findings), 'finding')}"
    return f"{_name(job)}: {_MARKS[result.status]}{found}, {result.duration_s:.1f} s"
