"""A text's lines, cut out as they are asked for: of most texts a detector wants a few, and a list of all of them takes
three times the text's memory."""

import io
from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import overload

_KEPT = 24
"""Lines that were just cut out, which the neighbours' surroundings want again."""


class Lines(Sequence[str]):
    """The lines of a text with their line feeds. Quick for those that are near the last one, or a known one."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = {0: 0}
        self._known = [0]
        self._number = self._start = 0
        """The line, from 0, that was found last, and where it starts."""
        self._kept: dict[int, str] = {}

    def know(self, starts: Mapping[int, int]) -> None:
        """Note where some of the lines, by their numbers from 1, start."""
        self._starts |= {number - 1: start for number, start in starts.items()}
        self._known = sorted(self._starts)

    @cached_property
    def _count(self) -> int:
        return self._text.count("\n") + (not self._text.endswith("\n") and bool(self._text))

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[str]:
        return iter(io.StringIO(self._text))

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return [self._line(number) for number in range(*place.indices(self._count))]
        number = place + self._count if place < 0 else place
        is_known = number in self._starts and bool(self._text)
        if not is_known and not 0 <= number < self._count:
            raise IndexError("the text has no such line")
        return self._line(number)

    def _line(self, number: int) -> str:
        line = self._kept.get(number)
        if line is None:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            self._go_to(number)
            line = self._kept[number] = self._text[self._start : self._text.find("\n", self._start) + 1 or None]
        return line

    def _go_to(self, number: int) -> None:
        if number not in self._starts:
            self._walk_to(number)
        else:
            self._start = self._starts[number]
        self._number = number

    def _walk_to(self, number: int) -> None:
        if abs(number - self._number) > 1:  # else it is next to the line that was found last
            after = bisect(self._known, number)
            nearest = min((self._number, *self._known[after - 1 : after + 1]), key=lambda known: abs(known - number))
            if nearest != self._number:
                self._number, self._start = nearest, self._starts[nearest]
        for _ in range(self._number, number):
            self._start = self._text.find("\n", self._start) + 1
        for _ in range(number, self._number):
            self._start = self._text.rfind("\n", 0, self._start - 1) + 1
