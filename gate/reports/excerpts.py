"""The lines of a file around a finding, as all formats show them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from gate.core.text import clipped, visible
from gate.model import GATE, Finding
from gate.reports.groups import Group, grouped

WITHOUT_LINES = frozenset(
    {
        *("junit", "csv", "github", "openvex", "badge", "audit", "cyclonedx", "cyclonedx-1.7", "spdx", "spdx-3"),
        *("gitlab-code-quality", "gitlab-secret-detection", "gitlab-dependency-scanning"),
        *("gitlab-container-scanning", "gitlab-sast"),
    }
)
"""Formats of ours that show no lines of files; a plugin's may."""
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


def lines_shown(formats: Iterable[str], findings: Sequence[Finding], *, is_verbose: bool) -> Sequence[Finding]:
    """Return the findings whose lines some of the `formats` or the terminal show.

    The terminal shows those of the first place of each rule that blocks, or of all places if it is verbose. To read the
    lines of one file takes a millisecond, as what the secrets engine sees in them is hidden.
    """
    if is_verbose or not WITHOUT_LINES.issuperset(formats):
        return findings
    return [group.first for group in _shown_whole(findings)]


def _shown_whole(findings: Sequence[Finding]) -> list[Group]:
    """Return the groups that the terminal shows with their places: what blocks, and what loosens the gate."""
    loosening = [one for one in findings if one.stage == GATE]
    return grouped(loosening) + grouped(one for one in findings if one.blocking and one.stage != GATE)
