"""The versions of a file, one after the other: of most of them only what differs from the one before is looked at.

What a line holds is decided by the line, by a few around it, and by the file's path. So if nothing is claimed in a
version, nor in the lines that the next one changes, nothing is claimed in the next. Looked at as a whole, each time,
are files of a form that reads them as one, and files in which something is claimed: a private key goes on for pages,
and a block that is encrypted drops what stands in it.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeVar

_REACH = 5
"""Lines before and after a line that can decide what it holds: detect-secrets' snippet, a name above its value."""
_AROUND = 2 * _REACH + 2
"""Lines that are looked at around a change: those that it reaches, and those that reach them.

As many as may lie between the name of a program and the last of its options (`gate.secrets.decoders.commands`).
"""
_BETWEEN = b"\n" * (_AROUND + 1)
"""Between the changes of two versions, so that neither reaches the other."""
_NEAR_ENOUGH = 64
"""Bytes up to which it is found out where two versions differ."""

Outcome = TypeVar("Outcome")
Look = Callable[[bytes], Outcome]
"""Looks at a whole version."""
IsClean = Callable[[bytes, Outcome], bool]
"""True if what was looked at is no form that is read as a whole, and nothing in it was even taken for a secret."""


def look_at_versions(
    versions: Sequence[bytes], look: Look[Outcome], is_clean: IsClean[Outcome], first: Outcome | None = None
) -> list[Outcome]:
    """Return for each version what it comes to; for those in which nothing is claimed the outcome of an earlier one.

    `versions` are some of which a part tells what its lines come to; `first`: what the first is known to come to.
    """
    start = look(versions[0]) if first is None else first
    if len(versions) == 1:
        return [start]
    if is_clean(versions[0], start):
        changed = changes(versions)
        if is_clean(changed, look(changed)):
            return [start] * len(versions)
    middle = len(versions) // 2
    return [
        *look_at_versions(versions[:middle], look, is_clean, start),
        *look_at_versions(versions[middle:], look, is_clean),
    ]


def changes(versions: Sequence[bytes]) -> bytes:
    """Return the lines that each version changes in the one before, with some around them."""
    return _BETWEEN.join(changed_lines(before, after) for before, after in pairwise(versions))


def changed_lines(before: bytes, after: bytes) -> bytes:
    """Return the lines of `after` from the first to the last that `before` does not have there, and those around."""
    start = _common_start(before, after)
    end = len(after) - _common_end(before, after, min(len(before), len(after)) - start)
    above = after[:start].rsplit(b"\n", _AROUND + 1)
    below = after[end:].split(b"\n", _AROUND + 1)
    first = len(above[0]) + 1 if len(above) > _AROUND + 1 else 0
    last = len(after) - len(below[-1]) if len(below) > _AROUND + 1 else len(after)
    return after[first:last]


def _common_start(before: bytes, after: bytes) -> int:
    """Return how many bytes are the same from the start, or a few less; by halves, as comparing is fast."""
    low, high = 0, min(len(before), len(after))
    while high - low > _NEAR_ENOUGH:
        middle = (low + high) // 2
        if before.startswith(after[low:middle], low):
            low = middle
        else:
            high = middle
    return low


def _common_end(before: bytes, after: bytes, most: int) -> int:
    """Return how many bytes, at most `most`, are the same from the end, or a few less."""
    low, high = 0, most
    while high - low > _NEAR_ENOUGH:
        middle = (low + high) // 2
        if before.endswith(after[len(after) - middle : len(after) - low], 0, len(before) - low):
            low = middle
        else:
            high = middle
    return low
