"""How much of what blocks would be worth it, and how much that is worth it would be lost, for each demand on reasons.

A reason that is worth it in less than a share of its findings warns. Each set is judged by the labels of all others, so
that the curve says what is to be expected, and not what fits.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import NamedTuple

from benchmarks.truth.held_out import held_out
from benchmarks.truth.runs import Found
from benchmarks.truth.score import Judged

DEMANDS = tuple(step / 10 for step in range(10))
"""Shares of a reason's findings that have to be worth it, from none to nine in ten."""
AIM = 0.8
LEFT, TOP, SIDE, RIGHT = 60, 30, 320, 190
"""Pixels: room left of and above the square of the plot, its side, and room for the names on its right."""
_COLOURS = ("#4878a8", "#c8603c", "#6a9a4c", "#8a5ca8", "#888888")


class Point(NamedTuple):
    """What would stop under one demand."""

    demand: float
    findings: int
    worthy: float
    """Share of what stops that is worth it."""
    kept: float
    """Share of what is worth it that still stops."""


def trade_off(
    blocking: Iterable[Judged], set_of: Mapping[str, str], way: Callable[[Found], tuple[str, ...]]
) -> list[Point]:
    """Return a point for each of DEMANDS; `set_of` a repository."""
    every = [one for one in blocking if one.label]
    return [_point(demand, every, set_of, way) for demand in DEMANDS]


def _point(
    demand: float, every: Sequence[Judged], set_of: Mapping[str, str], way: Callable[[Found], tuple[str, ...]]
) -> Point:
    sets = held_out(every, set_of, way, demand)
    before = sum(one.before.worth for one in sets)
    findings = sum(one.after.findings for one in sets)
    worth = sum(one.after.worth for one in sets)
    return Point(demand, findings, worth / max(findings, 1), worth / max(before, 1))


def plot(curves: Mapping[str, Sequence[Point]]) -> str:
    """Return an SVG with a line for each way of grouping: what is kept to the right, what is worth it upwards."""
    size = f'width="{LEFT + SIDE + RIGHT}" height="{TOP + SIDE + 50}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">'
    ground = '<rect width="100%" height="100%" fill="white"/>'
    lines = [line for number, (name, points) in enumerate(curves.items()) for line in _curve(number, name, points)]
    return "\n".join((head, ground, *_axes(), *lines, "</svg>\n"))


def _axes() -> Iterator[str]:
    yield f'<rect x="{LEFT}" y="{TOP}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#888"/>'
    for share in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        x, y = _place(share, share)
        yield f'<text x="{x}" y="{TOP + SIDE + 16}" text-anchor="middle">{share:.0%}</text>'
        yield f'<text x="{LEFT - 6}" y="{y + 4}" text-anchor="end">{share:.0%}</text>'
    aim = _place(0, AIM)[1]
    yield f'<line x1="{LEFT}" y1="{aim}" x2="{LEFT + SIDE}" y2="{aim}" stroke="#888" stroke-dasharray="4"/>'
    middle = LEFT + SIDE / 2
    yield f'<text x="{middle}" y="{TOP + SIDE + 36}" text-anchor="middle">of what is worth it, what still stops</text>'
    yield f'<text x="{LEFT}" y="18">of what stops, what is worth it (dashes: the aim)</text>'


def _curve(number: int, name: str, points: Sequence[Point]) -> Iterator[str]:
    colour = _COLOURS[number % len(_COLOURS)]
    places = [_place(point.kept, point.worthy) for point in points]
    drawn = " ".join(f"{x},{y}" for x, y in places)
    yield f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="1.5"/>'
    yield from (f'<circle cx="{x}" cy="{y}" r="2.5" fill="{colour}"/>' for x, y in places)
    y = TOP + 14 + number * 18
    yield f'<rect x="{LEFT + SIDE + 14}" y="{y - 10}" width="12" height="12" fill="{colour}"/>'
    yield f'<text x="{LEFT + SIDE + 32}" y="{y}">by {escape(name)}</text>'


def _place(kept: float, worthy: float) -> tuple[float, float]:
    return round(LEFT + SIDE * kept, 1), round(TOP + SIDE * (1 - worthy), 1)
