"""Which advisories changed: OSV's `modified_id.csv`, one `TIME,ID` a line, the newest first."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta

from gate.advisories.ingest import ID
from gate.core.errors import UnreadableError

MOST = 5_000
"""Changed advisories that are fetched one by one; above that the whole zip is fetched."""
OVERLAP = timedelta(days=1)
"""The list is read so far below the newest known time: databases publish some records late, under an older time."""
MAX_LINE = 400
"""Bytes: a time, and an id of at most 200 characters."""

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")


class TooManyError(Exception):
    """More than `MOST` advisories changed."""


def changed(
    lines: Iterable[bytes], cursor: datetime, modified: Callable[[str], str | None], shown: str, most: int = MOST
) -> list[str]:
    """Return the ids of what is newer in the list than what is known, which `modified` tells.

    `cursor` is the newest known time that is not in the future. The list is read until strictly below it and the
    overlap, so a future date does not hide what comes after. Raises UnreadableError for a line that is none or out of
    order, and TooManyError.
    """
    newer: list[str] = []
    before = datetime.max.replace(tzinfo=UTC)
    for number, line in enumerate(lines, 1):
        time, id = _row(line, shown, number)
        if time > before:
            raise _garbage(shown, number, "it is newer than the line above")
        before = time
        if time < cursor - OVERLAP:
            break
        known = modified(id)
        if known is None or (moment(known) or datetime.min.replace(tzinfo=UTC)) < time:
            newer.append(id)
        if len(newer) > most:
            raise TooManyError
    return newer


def _row(line: bytes, shown: str, number: int) -> tuple[datetime, str]:
    time, _, id = line.decode("ascii", "replace").strip().partition(",")
    at = moment(time)
    if at is None:
        raise _garbage(shown, number, "it has no time")
    if not ID.fullmatch(id):
        raise _garbage(shown, number, "it names no advisory")
    return at, id


def _garbage(shown: str, number: int, why: str) -> UnreadableError:
    return UnreadableError(f"cannot be parsed: {why} (line {number})", path=shown, hint="Use another mirror")


def moment(text: str) -> datetime | None:
    """Return an RFC 3339 time, or None for what is none."""
    if not _TIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def lines_of(pieces: Iterable[bytes], shown: str) -> Iterator[bytes]:
    """Yield the lines that are not empty. Raises UnreadableError for one that is too long."""
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        if len(rest) > MAX_LINE:
            raise UnreadableError("cannot be parsed: a line is too long", path=shown, hint="Use another mirror")
        yield from filter(None, whole)
    if rest:
        yield rest
