"""The calibration as a picture: of the findings of each confidence, how many are right, and worth stopping for."""

from collections.abc import Iterable, Iterator
from html import escape

from benchmarks.truth.score import Judged, by, evenly

ROW, TOP, LEFT, WIDTH = 46, 60, 170, 420
"""Pixels: height of a row, room above the rows and left of them, length of a bar of 100%."""
_BAR = 14
_RIGHT, _WORTH = "#4878a8", "#c8603c"
_LEGEND = ((_RIGHT, "is what its message says"), (_WORTH, "is worth stopping a change for"))
_CONFIDENCES = ("high", "medium", "low")


def calibration(judged: Iterable[Judged]) -> str:
    """Return an SVG with two bars for each stage and confidence: shares of the findings that were read.

    Each repository counts the same.
    """
    read = [one for one in judged if one.label]
    groups = sorted(by(read, lambda found: (found.stage, found.confidence)).items(), key=lambda item: _rank(item[0]))
    rows = [_row(number, name, figures.labelled, read) for number, (name, figures) in enumerate(groups)]
    height = TOP + ROW * len(rows) + 10
    size = f'width="{LEFT + WIDTH + 80}" height="{height}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">'
    ground = '<rect width="100%" height="100%" fill="white"/>'
    return "\n".join((head, ground, *_legend(), *rows, "</svg>\n"))


def _rank(name: tuple[str, ...]) -> tuple[str, int, str]:
    stage, confidence = name
    known = confidence in _CONFIDENCES
    return (stage, _CONFIDENCES.index(confidence) if known else 0, confidence)


def _legend() -> Iterator[str]:
    for number, (colour, words) in enumerate(_LEGEND):
        y = 14 + number * 18
        yield f'<rect x="{LEFT}" y="{y - 10}" width="12" height="12" fill="{colour}"/>'
        yield f'<text x="{LEFT + 18}" y="{y}">{words}</text>'


def _row(number: int, name: tuple[str, ...], count: int, read: list[Judged]) -> str:
    of_group = [one for one in read if (one.found.stage, one.found.confidence) == name]
    repositories, precision, worthy = evenly(of_group)
    y = TOP + number * ROW
    title = f'<text x="8" y="{y + 12}">{escape(", ".join(name))}</text>'
    small = f"{count} findings, {repositories} repositories"
    size = f'<text x="8" y="{y + 27}" font-size="10" fill="#666">{small}</text>'
    return "".join((title, size, _bar(y, precision, _RIGHT), _bar(y + _BAR + 2, worthy, _WORTH)))


def _bar(y: int, share: float | None, colour: str) -> str:
    length = round(WIDTH * (share or 0), 1)
    bar = f'<rect x="{LEFT}" y="{y}" width="{length}" height="{_BAR}" fill="{colour}"/>'
    return f'{bar}<text x="{LEFT + length + 5}" y="{y + 11}">{share or 0:.0%}</text>'
