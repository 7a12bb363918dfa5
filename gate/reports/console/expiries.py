"""Waivers and grace periods that expire soon."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import msgspec

from gate.core.text import counted
from gate.reports.console.subjects import ReportSubject

AHEAD = timedelta(days=30)
"""What expires within this time is listed."""


class Expiry(msgspec.Struct, frozen=True, order=True):
    """A waiver or grace period, with the day on which it expires."""

    day: str
    """YYYY-MM-DD."""
    subject: str
    what: str
    owner: str
    has_ended: bool


def expiries(subjects: Iterable[ReportSubject], today: date) -> list[Expiry]:
    """Return what has expired and what expires soon, the earliest first."""
    last = (today + AHEAD).isoformat()
    found = (
        Expiry(day, subject.name, what, owner, day < today.isoformat())
        for subject in subjects
        for day, what, owner in ends_of(subject)
    )
    return sorted(one for one in found if one.day <= last)


def ends_of(subject: ReportSubject) -> Iterator[tuple[str, str, str]]:
    """Yield the last days of waivers and graces, with what ends and its owner."""
    yield from _waivers(subject)
    yield from _graces(subject)


def _waivers(subject: ReportSubject) -> Iterator[tuple[str, str, str]]:
    for one in subject.report.verdict.waivers:
        yield one.until, f"waiver of {one.what} ({counted(one.findings, 'finding')})", one.owner


def _graces(subject: ReportSubject) -> Iterator[tuple[str, str, str]]:
    days: dict[str, int] = {}
    for finding in subject.report.findings:
        if finding.blocks_from:
            days[finding.blocks_from] = days.get(finding.blocks_from, 0) + 1
    for day, number in days.items():
        yield day, f"grace of {counted(number, 'finding')}", ""
