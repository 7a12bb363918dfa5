"""A document of a listing, and what readers return."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from gate.core.errors import UnreadableError
from gate.fleet.running import RunningWorkload

Shape = TypeVar("Shape")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


class ListedDocument(msgspec.Struct, frozen=True):
    """A JSON object of a file."""

    path: str
    data: dict[str, Any]

    def part(self, shape: type[Shape], what: str) -> Shape:
        """Return the parts of the object that a reader needs. Raises UnreadableError for another shape."""
        try:
            return msgspec.convert(self.data, shape, strict=False)
        except (msgspec.ValidationError, RecursionError) as error:
            raise UnreadableError(f"{what} cannot be parsed ({error})", path=self.path) from error


class ListedWorkloads(msgspec.Struct, frozen=True):
    """What documents say runs."""

    running: tuple[RunningWorkload, ...]
    notes: tuple[str, ...] = ()
    """What they leave open."""


def digests_in(*texts: str) -> tuple[str, ...]:
    """Return the digests of images that texts end with or are."""
    return tuple(dict.fromkeys(digest for text in texts for digest in _DIGEST.findall(text)))


def time_of(stated: str | float | None) -> str:
    """Return a time, given as RFC 3339 text or seconds since 1970, as RFC 3339 in UTC; empty if it is none."""
    try:
        if isinstance(stated, str):
            moment = datetime.fromisoformat(stated)
        elif stated:
            moment = datetime.fromtimestamp(stated, UTC)
        else:
            return ""
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):
        return ""


def since_the_oldest(found: Iterable[RunningWorkload]) -> Iterator[RunningWorkload]:
    """Yield each workload with an image once, since its oldest task or allocation."""
    grouped: dict[tuple[str, str, tuple[str, ...]], list[RunningWorkload]] = {}
    for one in found:
        grouped.setdefault((one.where, one.image, one.digests), []).append(one)
    for members in grouped.values():
        yield msgspec.structs.replace(members[0], since=earliest(one.since for one in members))


def earliest(times: Iterable[str]) -> str:
    """Return the earliest of times in UTC; empty if none is known."""
    return min(filter(None, times), default="")
