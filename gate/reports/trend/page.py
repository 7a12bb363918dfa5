"""A history as one page with inline pictures and no script."""

from collections.abc import Callable, Sequence

import msgspec

from gate.model import Severity
from gate.reports.static_page import render
from gate.reports.trend import Point

_WIDTH, _HEIGHT = 600, 120


class _Chart(msgspec.Struct, frozen=True):
    title: str
    unit: str
    highest: float
    path: str
    dots: tuple[tuple[float, float, str], ...]
    """x and y in the picture's units, and what the point says."""


_MEASURES: tuple[tuple[str, str, Callable[[Point], float | None]], ...] = (
    ("Open findings", "findings", lambda point: point.open),
    ("Findings that block", "findings", lambda point: point.blocking),
    ("Median age of open findings", "days", lambda point: point.median_age_days),
    ("Median time to mend, up to here", "days", lambda point: point.median_days_to_mend),
)


def page(points: Sequence[Point]) -> str:
    """Return the page; `points` are in the order of time and at least one."""
    charts = [_chart(title, unit, [measure(point) for point in points], points) for title, unit, measure in _MEASURES]
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
            f"{point.at:%Y-%m-%d}: {value:,.1f} {unit}",
        )
        for point, value in zip(points, values, strict=True)
        if value is not None
    )
    return _Chart(title, unit, highest, " ".join(f"{x},{y}" for x, y, _ in dots), dots)
