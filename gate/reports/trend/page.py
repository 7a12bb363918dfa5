"""A trend as one HTML page with inline SVG charts and no script."""

from collections.abc import Callable, Sequence

import msgspec

from gate.core.text import counted
from gate.model import Severity
from gate.reports.static_page import render
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


class _Chart(msgspec.Struct, frozen=True):
    title: str
    highest: str
    path: str
    dots: tuple[tuple[float, float, str, str], ...]
    """x and y in units of the chart, the text of the point, and its value as text."""


def page(points: Sequence[Point]) -> str:
    """Return the page; `points` are sorted by time, and there is at least one."""
    charts = [_chart(title, unit, tuple(map(measure, points)), points) for title, unit, measure in _MEASURES]
    return render(
        "gate.reports.trend",
        "page.html",
        points=points,
        charts=charts,
        levels=tuple(reversed(Severity)),
        width=_WIDTH,
        height=_HEIGHT,
    )


def _chart(title: str, unit: str, values: Sequence[float | None], points: Sequence[Point]) -> _Chart:
    highest = max((value for value in values if value is not None), default=0.0)
    start, span = points[0].at, (points[-1].at - points[0].at).total_seconds() or 1.0
    dots = tuple(
        (
            round(_WIDTH * (point.at - start).total_seconds() / span, 1),
            round(_HEIGHT * (1 - value / (highest or 1.0)), 1),
            f"{point.at:%Y-%m-%d}: {_with_unit(value, unit)}",
            _with_unit(value, unit),
        )
        for point, value in zip(points, values, strict=True)
        if value is not None
    )
    return _Chart(title, _with_unit(highest, unit), " ".join(f"{x},{y}" for x, y, *_ in dots), dots)


def _with_unit(value: float, unit: str) -> str:
    """Return `1 day`, `2.5 days`, `1,200 findings`."""
    return counted(int(value), unit) if value == int(value) else f"{value:,.1f} {unit}s"
