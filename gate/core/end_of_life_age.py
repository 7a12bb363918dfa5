"""How old a table of end-of-life dates is: a release that came after its day is not in it."""

from datetime import date

MAX_DAYS = 365
"""So old a table lacks a year of releases: most distributions and languages have had a new one."""


def is_old(as_of: str, today: date) -> bool:
    """True if a table of the day `as_of` (YYYY-MM-DD) is more than MAX_DAYS old."""
    return _days(as_of, today) > MAX_DAYS


def age_of_table(as_of: str, origin: str, today: date) -> str:
    """Return the day of a table and where it is from (`built in`), with a warning if it is old."""
    text = f"{as_of}, {origin}"
    if not is_old(as_of, today):
        return text
    days = _days(as_of, today)
    return (
        f"{text}, {days} days old: releases that came later are not in it; newer dates come with a newer gate, or with"
        " `gate db update` from a source that has them"
    )


def _days(as_of: str, today: date) -> int:
    return (today - date.fromisoformat(as_of)).days
