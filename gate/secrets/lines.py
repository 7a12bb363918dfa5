"""A text's lines, cut out as they are asked for: of most texts a detector wants a few, and a list of all of them takes
three times the text's memory."""

import io
from collections.abc import Iterator, Sequence
from typing import overload

_KEPT = 24
"""Lines that were just cut out, which the neighbours' surroundings want again."""


class Lines(Sequence[str]):
    """The lines of a text with their line feeds. Quick for those that are near the last one."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._count = text.count("\n") + (not text.endswith("\n") and bool(text))
        self._number = self._start = 0
        """The line, from 0, that was found last, and where it starts."""
        self._kept: dict[int, str] = {}

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
        if not 0 <= number < self._count:
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
        if number < self._number // 2:
            self._number = self._start = 0
        for _ in range(self._number, number):
            self._start = self._text.find("\n", self._start) + 1
        for _ in range(number, self._number):
            self._start = self._text.rfind("\n", 0, self._start - 1) + 1
        self._number = number
