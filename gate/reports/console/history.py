"""The console's trend: what was open on each day on which the site was built, kept in a file of the site."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time

import msgspec
from markupsafe import Markup

from gate.core.errors import UnreadableError
from gate.reports.console.subjects import ReportSubject
from gate.reports.trend.page import charts

NAME = "history.json"
"""File of the site that holds the days; the next build reads it."""
MAX_SIZE = 1 << 20
"""Bytes of that file, at most."""
_MOST_DAYS = 1_000
"""Days that are kept: the last ones."""


class Day(msgspec.Struct, frozen=True):
    """What all reports together said when the site was built, the last time on that day."""

    day: date
    subjects: int
    open: int
    """Findings that are neither waived nor ignored."""
    blocking: int


def read(content: bytes) -> list[Day]:
    """Return the days that a build wrote. Raises UnreadableError."""
    try:
        return msgspec.json.decode(content, type=list[Day])
    except (msgspec.DecodeError, RecursionError) as error:
        raise UnreadableError("is not the history of a console", path=NAME, hint="Remove it to begin again") from error


def written(days: Iterable[Day]) -> str:
    """Return the file, a line a day."""
    return "[\n" + ",\n".join(msgspec.json.encode(one).decode() for one in days) + "\n]\n"


def with_today(days: Iterable[Day], subjects: Sequence[ReportSubject], today: date) -> list[Day]:
    """Return the days in their order, with what the reports say today in the place of an earlier build of today."""
    found = sum(len(subject.open) for subject in subjects)
    now = Day(today, len(subjects), found, sum(subject.blocking for subject in subjects))
    by_day = {one.day: one for one in (*days, now)}
    return [by_day[day] for day in sorted(by_day)][-_MOST_DAYS:]


def drawn(days: Sequence[Day]) -> Markup:
    """Return the charts; in words what makes no line."""
    moments = [datetime.combine(one.day, time(), UTC) for one in days]
    measured = (
        ("Findings that block", "finding", [one.blocking for one in days]),
        ("Open findings", "finding", [one.open for one in days]),
    )
    return charts(measured, moments, "build")
