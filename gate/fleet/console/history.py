"""The trend of a fleet: what each day's build of its console saw, kept in a file of the site."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time

import msgspec
from markupsafe import Markup

from gate.core.errors import UnreadableError
from gate.fleet.console.figures import ConsoleTotals
from gate.reports.trend.page import charts

FILE_NAME = "history.json"
_MOST_DAYS = 1_000
"""Days that are kept: the last ones."""


class FleetDay(msgspec.Struct, frozen=True):
    """What the last build of a day saw."""

    day: date
    totals: ConsoleTotals


def read_days(content: bytes) -> list[FleetDay]:
    """Return the days that a build wrote. Raises UnreadableError."""
    try:
        return msgspec.json.decode(content, type=list[FleetDay])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        hint = "Remove it to begin again"
        raise UnreadableError("is not the history of a fleet's console", path=FILE_NAME, hint=hint) from error


def with_day(days: Iterable[FleetDay], totals: ConsoleTotals, today: date) -> list[FleetDay]:
    """Return the days in their order, with today's totals in the place of an earlier build of today."""
    by_day = {one.day: one for one in (*days, FleetDay(today, totals))}
    return [by_day[day] for day in sorted(by_day)][-_MOST_DAYS:]


def drawn_days(days: Sequence[FleetDay]) -> Markup:
    """Return the charts; in words what makes no line."""
    moments = [datetime.combine(one.day, time(), UTC) for one in days]
    measured = (
        ("Targets that run and fail", "target", [one.totals.running_fail for one in days]),
        ("Targets that fail", "target", [one.totals.fail for one in days]),
        ("Findings that block", "finding", [one.totals.blocking for one in days]),
    )
    return charts(measured, moments, "build")
