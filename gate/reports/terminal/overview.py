"""The table of stages."""

from itertools import accumulate

from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, JustifyMethod, RenderResult
from rich.table import Table
from rich.text import Text

from gate.core.text import clipped, counted, one_line, visible
from gate.model import Report, Severity, StageStatus, StageSummary
from gate.reports.terminal.styles import SEVERITY_STYLES, STATUS_STYLES
from gate.reports.wording import shown_seconds

_LEVELS = tuple(reversed(Severity))
_HEADINGS = {
    Severity.CRITICAL: "Crit",
    Severity.HIGH: "High",
    Severity.MEDIUM: "Med",
    Severity.LOW: "Low",
    Severity.INFO: "Info",
}
_MOST_TARGETS = 60
"""Characters of target names; if there are more, the targets are counted instead."""
_LEAST_FOR_TARGETS = 12
"""Columns that target names need at least; in a narrow table they are folded, or else left out."""
_GAP = 2
_NUMBERS = (*_HEADINGS.values(), "Time")
_TARGETS = "Looked at"
_COLUMNS = ("Stage", "Status", *_NUMBERS, _TARGETS)


class Overview:
    """One line a stage: status, findings by severity, seconds, and targets, as far as there is room."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def __rich_console__(self, _: Console, options: ConsoleOptions) -> RenderResult:
        rows = [_row(stage) for stage in self._report.stages]
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold", padding=(0, 1, 0, 0))
        for name in _COLUMNS[: _fitting(rows, options.max_width)]:
            justify: JustifyMethod = "right" if name in _NUMBERS else "left"
            table.add_column(name, justify=justify, no_wrap=name != _TARGETS, overflow="fold")
        for row in rows:
            table.add_row(*row[: len(table.columns)])
        yield table


def _fitting(rows: list[list[Text]], width: int) -> int:
    """Return how many columns fit, from the left; with more, rich would shrink all of them."""
    widths = [max(map(cell_len, map(str, cells))) for cells in zip(_COLUMNS, *rows, strict=True)]
    widths[-1] = min(widths[-1], _LEAST_FOR_TARGETS)
    ends = accumulate(_GAP + column for column in widths)
    return max(2, sum(end - _GAP <= width for end in ends))


def _row(stage: StageSummary) -> list[Text]:
    return [
        Text(visible(stage.name)),
        Text(stage.status.value, style=STATUS_STYLES[stage.status]),
        *(_count(level, stage.counts.get(level.value, 0)) for level in _LEVELS),
        Text(shown_seconds(stage)),
        Text(_looked_at(stage)),
    ]


def _count(level: Severity, number: int) -> Text:
    return Text(f"{number:,}", style=SEVERITY_STYLES[level]) if number else Text("-", style="dim")


def _looked_at(stage: StageSummary) -> str:
    if stage.status is StageStatus.SKIPPED:
        return clipped(one_line(stage.reason or "nothing"))
    names = ", ".join(visible(target) for target in stage.targets)
    return names if len(stage.targets) == 1 or len(names) <= _MOST_TARGETS else counted(len(stage.targets), "target")
