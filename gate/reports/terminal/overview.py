"""The table of stages."""

from rich import box
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from gate.model import Report, Severity, StageStatus, StageSummary
from gate.reports.terminal.styles import SEVERITY_STYLES, STATUS_STYLES
from gate.text import clipped, counted, one_line, visible

_LEVELS = tuple(reversed(Severity))
_HEADINGS = {
    Severity.CRITICAL: "Crit",
    Severity.HIGH: "High",
    Severity.MEDIUM: "Med",
    Severity.LOW: "Low",
    Severity.INFO: "Info",
}
_MOST_TARGETS = 60
"""Characters of target names; more of them are only counted."""
_ROOM_FOR_TIME, _ROOM_FOR_TARGETS = 58, 72
"""Columns of the terminal from which on they are shown; all before them would be cut else."""


class Overview:
    """A line a stage: status, findings by severity, seconds, and what it looked at, as far as there is room."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def __rich_console__(self, _: Console, options: ConsoleOptions) -> RenderResult:
        yield _table(self._report, options.max_width)


def _table(report: Report, width: int) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold", padding=(0, 1, 0, 0))
    table.add_column("Stage", no_wrap=True)
    table.add_column("Status", no_wrap=True)
    for level in _LEVELS:
        table.add_column(_HEADINGS[level], justify="right", no_wrap=True)
    if width >= _ROOM_FOR_TIME:
        table.add_column("Time", justify="right", no_wrap=True)
    if width >= _ROOM_FOR_TARGETS:
        table.add_column("Looked at", overflow="fold")
    for stage in report.stages:
        table.add_row(*_row(stage)[: len(table.columns)])
    return table


def _row(stage: StageSummary) -> list[Text]:
    return [
        Text(visible(stage.name)),
        Text(stage.status.value, style=STATUS_STYLES[stage.status]),
        *(_count(level, stage.counts.get(level.value, 0)) for level in _LEVELS),
        Text(f"{stage.duration_s:.1f} s"),
        Text(_looked_at(stage)),
    ]


def _count(level: Severity, number: int) -> Text:
    return Text(f"{number:,}", style=SEVERITY_STYLES[level]) if number else Text("-", style="dim")


def _looked_at(stage: StageSummary) -> str:
    if stage.status is StageStatus.SKIPPED:
        return clipped(one_line(stage.reason or "nothing"))
    names = ", ".join(visible(target) for target in stage.targets)
    return names if len(stage.targets) == 1 or len(names) <= _MOST_TARGETS else counted(len(stage.targets), "target")
