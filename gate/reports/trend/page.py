"""A trend as one HTML page with inline SVG charts and no script."""

import math
from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec
from markupsafe import Markup

from gate.core.text import counted
from gate.model import Severity
from gate.reports.static_page import fragment, render
from gate.reports.trend import Point

_WIDTH, _HEIGHT = 520, 120
"""Units of a chart."""
_MEASURES: tuple[tuple[str, str, Callable[[Point], float | None]], ...] = (
    ("Open findings", "finding", lambda point: point.open),
    ("Findings that block", "finding", lambda point: point.blocking),
    ("Median age of open findings", "day", lambda point: point.median_age_days),
    ("Median time to fix, up to here", "day", lambda point: point.median_days_to_mend),
)
"""Title, unit and value of each chart."""
_GRID = (0.0, 0.5, 1.0)
"""Heights of the lines of the grid, as shares of the axis."""
_DAYS = (0.0, 0.5, 1.0)
"""Days that are named below a chart, as shares of the time."""
_STEPS = (1, 2, 4, 10)
_LEAST_POINTS = 2
"""Values of which a line can be drawn."""


class _Chart(msgspec.Struct, frozen=True):
    title: str
    unit: str
    """What the vertical axis counts, in the plural."""
    highest: str
    path: str
    dots: tuple[tuple[float, float, str, str], ...]
    """x and y in units of the chart, the text of the point, and its value as text; none if there is nothing to draw."""
    levels: tuple[tuple[float, str], ...] = ()
    """The grid of the vertical axis: y in units of the chart, and the value there."""
    said: str = ""
    """What is known, if there is nothing to draw."""


def page(points: Sequence[Point]) -> str:
    """Return the page; `points` are sorted by time, and there is at least one."""
    measured = [(title, unit, tuple(map(measure, points))) for title, unit, measure in _MEASURES]
    drawn = charts(measured, [point.at for point in points], "run")
    return render("gate.reports.trend", "page.html", points=points, charts=drawn, levels=tuple(reversed(Severity)))


def charts(
    measured: Sequence[tuple[str, str, Sequence[float | None]]], moments: Sequence[datetime], noun: str
) -> Markup:
    """Return a chart for each title, unit and values, one value a moment; `noun` is what happened at each moment."""
    drawn = [_chart(title, unit, values, moments, noun) for title, unit, values in measured]
    days = _days(moments)
    return fragment(
        "gate.reports.trend", "charts.html", charts=drawn, days=days, width=_WIDTH, height=_HEIGHT, noun=noun
    )


def _chart(title: str, unit: str, values: Sequence[float | None], moments: Sequence[datetime], noun: str) -> _Chart:
    known = [value for value in values if value is not None]
    highest = _rounded_up(max(known, default=0.0))
    if len(known) < _LEAST_POINTS or not highest:
        return _Chart(title, f"{unit}s", "", "", (), said=_undrawn(known, unit, noun))
    start, span = moments[0], (moments[-1] - moments[0]).total_seconds() or 1.0
    dots = tuple(
        (
            round(_WIDTH * (at - start).total_seconds() / span, 1),
            round(_HEIGHT * (1 - value / highest), 1),
            f"{at:%Y-%m-%d}: {_with_unit(value, unit)}",
            _with_unit(value, unit),
        )
        for at, value in zip(moments, values, strict=True)
        if value is not None
    )
    path = " ".join(f"{x},{y}" for x, y, *_ in dots)
    levels = tuple((round(_HEIGHT * (1 - share), 1), f"{highest * share:,g}") for share in _GRID)
    return _Chart(title, f"{unit}s", _with_unit(max(known), unit), path, dots, levels)


def _rounded_up(highest: float) -> float:
    """Return the end of an axis: the least of 2, 4, 10, 20, 40, 100, … that is not below `highest`; 0 for 0."""
    if highest <= 0:
        return 0.0
    power = 10.0 ** max(0, math.floor(math.log10(highest)))
    return next(power * step for step in _STEPS if power * step >= highest)


def _undrawn(known: Sequence[float], unit: str, noun: str) -> str:
    """Return in words what makes no line: no value yet, a single one, or nothing but zeros."""
    if not known:
        return "Not known yet."
    if len(known) < _LEAST_POINTS:
        return f"{_with_unit(known[0], unit)} so far. The chart appears after two {noun}s."
    return f"{_with_unit(0, unit)} in all of {len(known):,} {noun}s."


def _days(moments: Sequence[datetime]) -> tuple[tuple[float, str], ...]:
    """Return the ends and the middle of the horizontal axis: x in units of the chart, and the day."""
    first, last = moments[0], moments[-1]
    return tuple((round(_WIDTH * share, 1), f"{first + (last - first) * share:%Y-%m-%d}") for share in _DAYS)


def _with_unit(value: float, unit: str) -> str:
    """Return `1 day`, `2.5 days`, `1,200 findings`."""
    return counted(int(value), unit) if value == int(value) else f"{value:,.1f} {unit}s"
