"""What is going on, on standard error: one line that changes on a terminal, plain lines elsewhere."""

import sys
import time
from typing import TextIO

from gate.model import StageResult, StageStatus, Tree
from gate.pipeline.plan import Job
from gate.text import visible

_MARKS = {StageStatus.OK: "done", StageStatus.ERROR: "could not finish", StageStatus.SKIPPED: "skipped"}
_CLEAR_LINE = "\r\x1b[K"


class Progress:
    """Tells of jobs as they start and finish."""

    def __init__(self, stream: TextIO | None = None, *, is_quiet: bool = False) -> None:
        self._stream = stream or sys.stderr
        self._is_quiet = is_quiet
        self._is_live = self._stream.isatty() and not is_quiet
        self._running: list[str] = []
        self._started = time.monotonic()

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_: object) -> None:
        self._clear()

    def started(self, job: Job) -> None:
        self._running.append(_name(job))
        self._show()

    def finished(self, job: Job, result: StageResult) -> None:
        self._running.remove(_name(job))
        self._clear()
        if not self._is_quiet:
            self._stream.write(f"{visible(_line(job, result))}\n")
        self._show()

    def say(self, text: str) -> None:
        """Tell what a stage is doing."""
        self._show(text)

    def _show(self, text: str = "") -> None:
        if self._is_live and self._running:
            seconds = time.monotonic() - self._started
            line = f"{seconds:5.1f} s  {', '.join(self._running)}  {text}"
            self._stream.write(_CLEAR_LINE + visible(line)[:100])
            self._stream.flush()

    def _clear(self) -> None:
        if self._is_live:
            self._stream.write(_CLEAR_LINE)
            self._stream.flush()


def _name(job: Job) -> str:
    revision = job.target.revision if isinstance(job.target, Tree) else None
    return f"{job.stage} ({job.target.name}{' at ' + revision[:12] if revision else ''})"


def _line(job: Job, result: StageResult) -> str:
    count = len(result.findings)
    found = f", {count} {'finding' if count == 1 else 'findings'}" if result.status is not StageStatus.SKIPPED else ""
    return f"{_name(job)}: {_MARKS[result.status]}{found}, {result.duration_s:.1f} s"
