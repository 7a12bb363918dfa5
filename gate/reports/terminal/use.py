"""What images use of their packages: one line an image, and a table of what is used, not used, or unknown and why."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from gate.core.text import clipped, visible
from gate.model import InUse, Report, UseGroup, UseOfPackages
from gate.reports.terminal.lines import IndentedLine
from gate.reports.use import ANSWERS, counts, images_of, line_of, missed_line, what_decides, why

_STYLES = {InUse.YES: "bold", InUse.NO: "green", InUse.UNKNOWN: "yellow"}
_NUMBER = 6
"""Columns of a number of packages."""
_MOST_GROUPS = 12
"""Groups of unknown packages that are listed for one image."""
_MOST_NAMES = 400
"""Characters of the names of a group's packages."""


def image_lines(report: Report) -> Iterator[RenderableType]:
    """Yield a line for each image, and one more if a test showed what the analysis missed."""
    for image, use in images_of(report):
        yield Text(line_of(image, use, report))
        missed = missed_line(use)
        if missed:
            yield IndentedLine(Text(missed, style="yellow"))
        yield Text()


def image_tables(report: Report) -> Iterator[RenderableType]:
    """Yield the table of each image."""
    for image, use in images_of(report):
        yield from table_of(image.target, use)


def table_of(target: str, use: UseOfPackages) -> Iterator[RenderableType]:
    """Yield the table of one image: each group with its number, the reason, what decides it and its packages."""
    yield Text(f"What {visible(target)} uses: {counts(use)}", style="bold")
    known = [group for group in use.groups if group.in_use is not InUse.UNKNOWN]
    unknown = [group for group in use.groups if group.in_use is InUse.UNKNOWN]
    for group in (*known, *unknown[:_MOST_GROUPS]):
        yield from _row(group)
    if unknown[_MOST_GROUPS:]:
        number = sum(len(group.packages) for group in unknown[_MOST_GROUPS:])
        yield IndentedLine(Text(f"… and {number:,} more that are unknown, for other reasons", style="dim"))
    for one in use.missed:
        yield IndentedLine(Text(f"missed by the analysis: {visible(str(one))}", style="yellow"))
    yield Text()


def _row(group: UseGroup) -> Iterator[RenderableType]:
    line = Text(f"{len(group.packages):>{_NUMBER},}  ")
    line.append(ANSWERS[group.in_use], style=_STYLES[group.in_use])
    reason = why(group)
    if reason:
        line.append(f"  {clipped(reason)}. {what_decides(group.doubt)}")
    yield IndentedLine(line)
    names = clipped(", ".join(map(visible, group.packages)), _MOST_NAMES)
    yield IndentedLine(Text(" " * (_NUMBER + 2) + names, style="dim"))
