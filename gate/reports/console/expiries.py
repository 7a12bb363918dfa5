"""What ends soon: waivers, of which a report tells in its notices, and the grace of findings."""

import re
from collections.abc import Iterable, Iterator

import msgspec

from gate.reports.console.subjects import Subject
from gate.text import counted

_WAIVER = re.compile(
    r"The waiver of (?P<what>.{1,300}?) \((?P<owner>.{1,300})\) (?P<verb>ends|ended) on (?P<day>\d{4}-\d\d-\d\d)"
)


class Expiry(msgspec.Struct, frozen=True, order=True):
    """A day, and what ends on it where."""

    day: str
    """YYYY-MM-DD."""
    subject: str
    what: str
    owner: str
    has_ended: bool


def expiries(subjects: Iterable[Subject]) -> list[Expiry]:
    """Return what the reports know to end, the first day first."""
    return sorted(one for subject in subjects for one in (*_waivers(subject), *_graces(subject)))


def _waivers(subject: Subject) -> Iterator[Expiry]:
    for notice in subject.report.verdict.notices:
        if found := _WAIVER.match(notice):
            yield Expiry(
                found["day"], subject.name, f"waiver of {found['what']}", found["owner"], found["verb"] == "ended"
            )


def _graces(subject: Subject) -> Iterator[Expiry]:
    days: dict[str, int] = {}
    for finding in subject.report.findings:
        if finding.blocks_from:
            days[finding.blocks_from] = days.get(finding.blocks_from, 0) + 1
    for day, number in days.items():
        yield Expiry(day, subject.name, f"grace of {counted(number, 'finding')}", "", False)
