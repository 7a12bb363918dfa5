"""A feature of a framework that a vulnerability may be in."""

import re
from typing import NamedTuple


class Feature(NamedTuple):
    """A part of a framework that does nothing unless an application asks for it."""

    name: str
    """As people know it."""
    in_summary: re.Pattern[str]
    """How an advisory's summary says that the vulnerability is in it."""
    files: re.Pattern[str] | None
    """Of a path: a file that switches it on."""
    words: re.Pattern[bytes] | None
    """In a source: what switches it on."""
    where: re.Pattern[str] | None = None
    """Of a path: the only sources in which the words do."""
    known_by: re.Pattern[str] | None = None
    """Of a path: without such a file nothing is known, and the application may have the feature."""
    known_in: re.Pattern[bytes] | None = None
    """In a source: without these words another program may be what serves, and nothing is known either."""
