"""Where to look in a long line: a program's line of megabytes holds a few places that the pre-filter marks."""

import re
from collections.abc import Iterable, Iterator

LONG_LINE = 2_000
"""Characters of a line in which detectors get the places to look at."""
REACH = 8_192
"""Characters before and behind a place that are searched for a pattern whose matches have no known length."""
_ONE_CHARACTER = re.compile(r"\\.|\[\^?(?:\\.|[^\]\\])+\]")
_UNTOLD = re.compile(r"\)\{|[*+]|\{\d+,\}")
"""A group that is repeated, or a repeat without an end."""
_REPEATED = re.compile(r"\{(?:\d+,)?(\d+)\}")


def matches_near(
    expression: re.Pattern[str], line: str, places: list[int] | None, reach: int = REACH
) -> Iterator[re.Match[str]]:
    """Yield what `expression` matches in a line, as `finditer` does, of a long line around these places alone.

    `places`: where the pre-filter's matches end, in bytes of UTF-8; None: they are not known.
    `reach`: characters of the longest match of the expression.
    """
    if places is None or len(line) < LONG_LINE:
        yield from expression.finditer(line)
        return
    place = 0
    for start, end in around(in_characters(line, places), len(line), reach):
        place = max(place, start)
        while found := expression.search(line, place, end):
            match = expression.match(line, found.start())  # what was cut off may make another match of it, or none
            place = match.end() if match else found.start() + 1
            if match:
                yield match


def reach_of(expression: str) -> int:
    """Return how many characters a match of a pattern has at most, as far as its text tells; else REACH."""
    plain = _ONE_CHARACTER.sub("c", expression)
    if _UNTOLD.search(plain):
        return REACH
    return len(plain) + sum(map(int, _REPEATED.findall(plain)))


def around(places: Iterable[int], length: int, reach: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of a line around places (in their order), those that touch as one."""
    start = end = 0
    for place in places:
        if place - reach > end:
            if end:
                yield start, end
            start = place - reach
        end = min(place + reach, length)
    if end:
        yield start, end


def in_characters(line: str, places: list[int]) -> Iterator[int]:
    """Yield places given in bytes of UTF-8, in their order, in characters."""
    if line.isascii():
        yield from places
        return
    utf8, last, count = line.encode(), 0, 0
    for place in places:
        while place < len(utf8) and utf8[place] & 0xC0 == 0x80:  # within a character
            place += 1
        count += len(utf8[last:place].decode())
        last = place
        yield count
