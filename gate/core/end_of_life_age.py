"""How old the table of end-of-life dates is: a release that came after its day is not in it."""

from datetime import date

from gate.core.end_of_life import AS_OF

MAX_DAYS = 365
"""So old a table lacks a year of releases: most distributions and languages have had a new one."""


def is_old(today: date) -> bool:
    """True if the table is more than MAX_DAYS old."""
    return _days(today) > MAX_DAYS


def age_of_table(today: date) -> str:
    """Return the day of the table, with a warning if it is old."""
    if not is_old(today):
        return AS_OF
    return f"{AS_OF}, {_days(today)} days old: releases that came later are not in it; a newer gate has newer dates"


def _days(today: date) -> int:
    return (today - date.fromisoformat(AS_OF)).days
