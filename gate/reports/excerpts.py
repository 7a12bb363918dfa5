"""The lines of a file around a finding, as all formats show them."""

from collections.abc import Iterator
from typing import NamedTuple

from gate.core.text import clipped, visible
from gate.model import Finding

_MOST_LINES = 10
_MOST_COLUMNS = 200


class CodeLine(NamedTuple):
    """A line of a file; `is_marked` if the finding is about it."""

    number: int
    is_marked: bool
    text: str


def code_lines(finding: Finding) -> Iterator[CodeLine]:
    """Yield the lines around a finding; none if it has no excerpt."""
    if finding.excerpt is None:
        return
    first = finding.location.line or 0
    last = max(finding.location.end_line or first, first)
    for number, text in enumerate(finding.excerpt.lines[:_MOST_LINES], finding.excerpt.first_line):
        yield CodeLine(number, first <= number <= last, clipped(visible(text), _MOST_COLUMNS))


def in_plain_text(finding: Finding) -> list[str]:
    """Return the lines with their numbers, those of the finding marked with `>`."""
    lines = list(code_lines(finding))
    width = len(str(lines[-1].number)) if lines else 0
    return [f"{'>' if one.is_marked else ' '} {one.number:>{width}} | {one.text}".rstrip() for one in lines]
