"""What is hidden within a text's lines, and within what was hidden: disguised letters, encodings, texts in pieces."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from gate.secrets.decoders.disguises import DISGUISES, FOREIGN, revealed, unquoted
from gate.secrets.decoders.disguises import SIEVE as OF_DISGUISES
from gate.secrets.decoders.encodings import ENCODINGS, decoded_texts
from gate.secrets.decoders.encodings import SIEVE as OF_ENCODINGS
from gate.secrets.decoders.joins import JOINS, joined
from gate.secrets.decoders.joins import SIEVE as OF_JOINS
from gate.secrets.decoders.part import DecodedPart, Mark, part
from gate.secrets.engine.text import Text

NAMES = (DISGUISES, ENCODINGS, JOINS)
"""The forms, as the pre-filter's patterns name them."""
SIEVE = (*OF_DISGUISES, *OF_ENCODINGS, *OF_JOINS)
"""What is looked for in every text; FOREIGN: in those that are not ASCII alone."""
MAX_DEPTH = 3
"""Encodings within one another."""

Marks = Mapping[str, Sequence[Mark]]
"""By the name of a form, the places that the pre-filter marks for it, in their order."""


__all__ = ["FOREIGN", "NAMES", "SIEVE", "Marker", "Marks", "hidden_parts"]


class Marker(Protocol):
    """Says where a text may hide something."""

    def marks(self, text: Text, path: str) -> Marks:
        """Return the places of each form."""


def hidden_parts(outer: DecodedPart, marker: Marker, depth: int = 1) -> Iterator[DecodedPart]:
    """Yield what the lines of a part hide, and what is hidden in that, each at the line where it stands."""
    marks = marker.marks(outer.text, outer.path)
    if not marks:
        return
    lines = outer.text.lines
    is_latin = outer.text.encoding == "latin-1"
    read = list(_in_parts(outer, marks, lines, is_latin))
    yield from read
    if depth < MAX_DEPTH:
        for one in read:
            yield from hidden_parts(one, marker, depth + 1)


def _in_parts(outer: DecodedPart, marks: Marks, lines: Sequence[str], is_latin: bool) -> Iterator[DecodedPart]:
    disguised = marks.get(DISGUISES, ())
    yield from _together(outer, revealed(disguised, lines, is_latin=is_latin))
    yield from _together(outer, unquoted(disguised, lines))
    yield from _together(outer, list(joined(marks.get(JOINS, ()), lines)), formats_alone=True)
    for number, text in decoded_texts(marks.get(ENCODINGS, ()), lines):
        place = (outer.line_of(number),)
        within = outer.within or "encoded"
        yield part(text, f"{outer.path}!/encoded", within, place, formats_alone=outer.formats_alone)


def _together(
    outer: DecodedPart, found: Sequence[tuple[int, str]], *, formats_alone: bool = False
) -> Iterator[DecodedPart]:
    """Yield one part with all texts, each of its lines at the line of the file where the text stands."""
    if not found:
        return
    numbers: list[int] = []
    for number, text in found:
        numbers += [outer.line_of(number)] * (text.count("\n") + 1)
    content = "\n".join(text for _, text in found)
    alone = formats_alone or outer.formats_alone
    yield part(content, outer.path, outer.within, tuple(numbers), formats_alone=alone)
