"""The words that one with braces becomes, before all else is expanded: `{a,b}c`, `{1..3}` (bash(1))."""

import re
from collections.abc import Iterator

from gate.reachability.runtimes.shell.syntax import Literal, Part, Word
from gate.reachability.runtimes.walk.graph import UNKNOWN

_GROUP = re.compile(r"\{(?:([^{}]*,[^{}]*)|(-?\d+|[A-Za-z])\.\.(-?\d+|[A-Za-z])(?:\.\.(-?\d+))?)\}")
"""A group without others in it: alternatives, or begin, end and step of a row."""
_FIRST_PART = 0xF0000
"""The characters from here on stand for the parts of a word that braces do not look into."""
_MAX_ROW = 100


def in_braces(word: Word) -> Iterator[Word]:
    """Yield the words that one with braces stands for; the word itself if it has none. There may be very many."""
    if not any(isinstance(part, Literal) and not part.is_quoted and "{" in part.text for part in word):
        yield word
        return
    text = "".join(_mark(part, index) for index, part in enumerate(word))
    if _GROUP.search(text) is None:
        yield word
        return
    for alternative in _alternatives(text):
        yield tuple(_parts(alternative, word))


def _mark(part: Part, index: int) -> str:
    return part.text if isinstance(part, Literal) and not part.is_quoted else chr(_FIRST_PART + index)


def _alternatives(text: str) -> Iterator[str]:
    found = _GROUP.search(text)
    if found is None:
        yield text
        return
    options = found[1].split(",") if found[1] is not None else _row(found[2], found[3], found[4])
    for option in options:
        yield from _alternatives(text[: found.start()] + option + text[found.end() :])


def _row(first: str, last: str, step: str | None) -> list[str]:
    """Return the numbers or letters of a row; what is neither, or long, is not known."""
    if first.isalpha() != last.isalpha() or max(map(len, (first, last, step or ""))) > len("-1000000"):
        return [UNKNOWN]
    begin, end = (ord(one) if one.isalpha() else int(one) for one in (first, last))
    by = abs(int(step or 1)) or 1
    is_padded = any(one.lstrip("-").startswith("0") and len(one) > 1 for one in (first, last))
    if is_padded or abs(end - begin) // by > _MAX_ROW:
        return [UNKNOWN]
    row = range(begin, end + 1, by) if begin <= end else range(begin, end - 1, -by)
    return [chr(one) if first.isalpha() else str(one) for one in row]


def _parts(text: str, word: Word) -> Iterator[Part]:
    for piece in re.split(f"([{chr(_FIRST_PART)}-{chr(_FIRST_PART + len(word))}])", text):
        if len(piece) == 1 and _FIRST_PART <= ord(piece) < _FIRST_PART + len(word):
            yield word[ord(piece) - _FIRST_PART]
        elif piece:
            yield Literal(piece)
