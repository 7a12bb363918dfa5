"""The lines that the pre-filter marks, with its hits in each."""

from collections.abc import Iterable
from typing import NamedTuple

PatternEnd = tuple[int, int]
"""Where a match ends (exclusive), and the number of its pattern."""


class Marked(NamedTuple):
    """A line with hits."""

    number: int
    """From 1."""
    start: int
    """Where it starts in the text, in bytes."""
    hits: list[PatternEnd]


def marked_lines(hits: Iterable[PatternEnd], utf8: bytes) -> list[Marked]:
    """Return the lines in which hits end, in the order of both."""
    marked: list[Marked] = []
    number, place = 1, 0
    for hit in hits:
        last = hit[0] - 1
        passed = utf8.count(b"\n", place, last)
        if passed or not marked:
            number += passed
            marked.append(Marked(number, utf8.rfind(b"\n", 0, last) + 1, []))
        marked[-1].hits.append(hit)
        place = max(place, last)
    return marked
