"""A trend on the terminal: one line a measure, drawn with block characters of eight heights."""

from collections.abc import Iterator, Sequence

from gate.core.text import counted
from gate.reports.trend import Point

_BARS = "▁▂▃▄▅▆▇█"
_MOST = 60
"""Runs that are drawn; in a longer history, the last ones."""


def sparkline(values: Sequence[float | None]) -> str:
    """Return one character for each value, scaled between the least and the greatest; a blank for None."""
    known = [value for value in values if value is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    step = (high - low) / (len(_BARS) - 1) or 1.0
    return "".join(" " if value is None else _BARS[round((value - low) / step)] for value in values)


def lines(points: Sequence[Point]) -> Iterator[str]:
    """Yield the lines of a trend."""
    first, last = points[0].at.date(), points[-1].at.date()
    yield f"{counted(len(points), 'run')}, {first} to {last}" + (
        f", the last {_MOST} drawn" if len(points) > _MOST else ""
    )
    yield _line("open", [point.open for point in points], "")
    yield _line("blocking", [point.blocking for point in points], "")
    yield _line("median age", [point.median_age_days for point in points], " days")
    yield _line("time to fix", [point.median_days_to_mend for point in points], " days")
    mended = sum(point.mended for point in points)
    appeared = sum(point.appeared for point in points)
    yield f"{'fixed':<14}{mended:,}; {appeared:,} appeared"


def _line(name: str, values: Sequence[float | None], unit: str) -> str:
    known = [value for value in values if value is not None]
    ends = f"{_shown(known[0])} → {_shown(known[-1])}{unit}" if known else "nothing to show yet"
    return f"{name:<14}{sparkline(values[-_MOST:])}  {ends}"


def _shown(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"
