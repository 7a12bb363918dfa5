"""Spans of time as people write them in settings: `12h`, `14d`, `2w`."""

from datetime import timedelta
from typing import Annotated

import msgspec

PATTERN = r"^(0|[1-9][0-9]{0,4})[hdw]$"

Duration = Annotated[str, msgspec.Meta(pattern=PATTERN)]
"""A whole number of hours, days or weeks. There is no `m`: it could be minutes or months."""

_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
FORM = "a whole number with h (hours), d (days) or w (weeks), such as 14d"


def timedelta_of(duration: str) -> timedelta:
    """Return the length of a `Duration`. Raises ValueError for any other text."""
    number, unit = duration[:-1], duration[-1:]
    if unit not in _UNITS or not (number.isascii() and number.isdigit()):
        raise ValueError(f"{duration!r} is no duration; write {FORM}")
    return int(number) * _UNITS[unit]
