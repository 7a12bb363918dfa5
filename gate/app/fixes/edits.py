"""Applying the edits of findings to a text: all edits of a finding or none, and no two that overlap."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise

import msgspec

from gate.model import Edit, Finding

Position = tuple[int, int]
"""Line and column, from 1."""
_Replacement = tuple[int, int, str]
"""Start and end in offsets of the text, and the new text."""


class Repair(msgspec.Struct, frozen=True):
    """The edits that fix one finding."""

    rule: str
    place: Position
    """Where the finding is."""
    edits: tuple[Edit, ...]


class Applied(msgspec.Struct, frozen=True):
    """A text after some repairs."""

    text: str
    repairs: tuple[Repair, ...]
    """The repairs that were applied."""
    replaced: tuple[tuple[int, int, int], ...]
    """Start, end and new length of every part that was replaced, in offsets of the old text, in order."""


class LineIndex:
    """Converts positions in a text to offsets and back. Lines end at a line feed."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]

    def offset(self, position: Position) -> int | None:
        """Return the offset of a position, or None if it is outside of the text."""
        line, column = position
        if not 1 <= line < len(self._starts) or column < 1:
            return None
        offset = self._starts[line - 1] + column - 1
        return offset if offset < self._starts[line] else None

    def position(self, offset: int) -> Position:
        """Return line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def repair_of(finding: Finding) -> Repair | None:
    """Return the edits that fix a finding, or None if it has none."""
    if finding.fix is None or not finding.fix.edits:
        return None
    return Repair(finding.rule, place_of(finding), finding.fix.edits)


def place_of(finding: Finding) -> Position:
    """Return where a finding begins."""
    return finding.location.line or 1, finding.location.column or 1


def apply(text: str, repairs: Iterable[Repair], line_end: str = "\n") -> Applied:
    """Apply repairs in the order of their places, without those that overlap an earlier one.

    An edit that several repairs have in common is made once. The repairs that were left out may fit the new text.
    """
    index = LineIndex(text)
    taken = _Taken()
    done = [repair for repair in sorted(repairs, key=_order) if taken.take(_parts(index, repair, line_end))]
    parts = taken.parts
    pieces: list[str] = []
    place = 0
    for start, end, new in parts:
        pieces += (text[place:start], new)
        place = end
    return Applied(
        "".join((*pieces, text[place:])), tuple(done), tuple((start, end, len(new)) for start, end, new in parts)
    )


def _order(repair: Repair) -> tuple[Position, str]:
    return min(edit.start for edit in repair.edits), repair.rule


def _parts(index: LineIndex, repair: Repair, line_end: str) -> list[_Replacement] | None:
    """Return the edits of a repair as offsets, or None if one of them is outside of the text."""
    parts = []
    for edit in repair.edits:
        start, end = index.offset(edit.start), index.offset(edit.end)
        if start is None or end is None or end < start:
            return None
        parts.append((start, end, edit.text.replace("\n", line_end)))
    return parts


class _Taken:
    """The parts of a text that are replaced, in order and without overlaps."""

    def __init__(self) -> None:
        self.parts: list[_Replacement] = []

    def take(self, parts: list[_Replacement] | None) -> bool:
        """Add the parts if none of them overlaps one that is taken; return whether they were added."""
        if parts is None:
            return False
        fresh = sorted(part for part in set(parts) if part not in self._near(part))
        if not all(map(self._is_free, fresh)) or not _is_apart(fresh):
            return False
        for part in fresh:
            self.parts.insert(bisect_left(self.parts, part), part)
        return True

    def _near(self, part: _Replacement) -> Sequence[_Replacement]:
        place = bisect_left(self.parts, part)
        return self.parts[place : place + 1]

    def _is_free(self, part: _Replacement) -> bool:
        place = bisect_left(self.parts, part)
        return _is_apart([*self.parts[max(0, place - 1) : place], part, *self.parts[place : place + 1]])


def _is_apart(parts: Sequence[_Replacement]) -> bool:
    """True if no part overlaps the next. Two insertions at one place count as overlapping: their order is unclear."""
    return all(first[1] <= second[0] and first[0] < second[0] for first, second in pairwise(parts))


class Mover:
    """Maps positions in the old text to the new text; a replaced part maps to the start of its replacement."""

    def __init__(self, before: str, applied: Applied) -> None:
        self._old, self._new = LineIndex(before), LineIndex(applied.text)
        self._replaced = applied.replaced
        self._starts = [start for start, _, _ in applied.replaced]
        self._growth = [0, *accumulate(length - (end - start) for start, end, length in applied.replaced)]

    def move(self, place: Position) -> Position:
        """Return the new position; one outside of the text is returned unchanged."""
        offset = self._old.offset(place)
        return place if offset is None else self._new.position(self._moved(offset))

    def _moved(self, offset: int) -> int:
        earlier = bisect_right(self._starts, offset)
        if earlier and self._replaced[earlier - 1][1] > offset:
            return self._replaced[earlier - 1][0] + self._growth[earlier - 1]
        return offset + self._growth[earlier]
