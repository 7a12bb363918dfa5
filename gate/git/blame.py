"""Which commit last changed a line (git-blame(1))."""

import os
from datetime import UTC, datetime, timedelta, timezone

import msgspec

from gate.core.errors import UnreadableError
from gate.git.repository import Repository


class Blame(msgspec.Struct, frozen=True, kw_only=True):
    """The commit that last changed a line."""

    commit: str
    author: str
    """The author's mail address, as the commit says it."""
    date: str
    """When it was written, as YYYY-MM-DD in the author's time zone."""
    is_oldest_known: bool
    """True if the clone is shallow and ends with this commit: the line can be older."""


def blame(repository: Repository, path: bytes, line: int) -> Blame | None:
    """Return the commit that last changed line `line` (from 1) of a file in HEAD; None if git cannot say.

    `path` is relative to the repository's folder. The file on disk is not read, no filter or text conversion is run.
    """
    head = repository.commit_id("HEAD")
    if head is None:
        return None
    name = repository.prefix + os.fsdecode(path)
    try:
        answer = repository.run("line", str(line), str(line), head, name).decode("utf-8", "replace")
    except UnreadableError:  # HEAD has no such line or file
        return None
    first, *others = answer.split("\n\t")[0].split("\n")
    said = dict(other.partition(" ")[::2] for other in others)
    return Blame(
        commit=first.partition(" ")[0],
        author=said.get("author-mail", "").strip("<>"),
        date=_day(said.get("author-time", ""), said.get("author-tz", "")),
        is_oldest_known="boundary" in said and repository.is_shallow,
    )


def _day(seconds: str, zone: str) -> str:
    """Return the day of a time that a commit gives as seconds since 1970 and a zone (`+0200`)."""
    try:
        minutes = int(zone[:-2]) * 60 + int(zone[0] + zone[-2:])
        return datetime.fromtimestamp(int(seconds), timezone(timedelta(minutes=minutes))).date().isoformat()
    except (ValueError, OverflowError, OSError, IndexError):  # a commit can say anything
        return datetime.fromtimestamp(0, UTC).date().isoformat()
