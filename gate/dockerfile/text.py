"""Text as Docker joins it, and where each piece of it stands in the file."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import lru_cache

import msgspec

from gate.rules import Span

SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""What Go's unicode.IsSpace holds for white space, as a regular expression's class; Python's notion is wider."""
STRIPPED = SPACE.replace("\u2000-\u200a", "".join(map(chr, range(0x2000, 0x200B))))
"""The same, for `str.strip`."""
_RUNS = re.compile(r"\s+")


class JoinedText(msgspec.Struct, frozen=True, gc=False):
    """A text that was put together from pieces of lines: an instruction without its continuations, a heredoc's body."""

    content: str
    offsets: tuple[int, ...]
    """Where each piece begins in `content`; the first is 0."""
    places: tuple[tuple[int, int], ...]
    """Line and column, from 1, where each piece begins in the file."""
    is_exact: bool = True
    """False for a text whose escapes are gone: then all of it stands at its first place."""

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column of the character at `offset`."""
        if not self.is_exact:
            return self.places[0]
        piece = bisect_right(self.offsets, offset) - 1
        line, column = self.places[piece]
        return line, column + offset - self.offsets[piece]

    def span(self, start: int, end: int) -> Span:
        """Return where the characters from `start` up to `end` stand; the end is on their last one's line."""
        if not self.is_exact:
            return self.places[0], self.places[0]
        line, column = self.position(max(start, end - 1))
        return self.position(start), (line, column + (end > start))

    def part(self, start: int, end: int) -> "JoinedText":
        """Return the characters from `start` up to `end` as a text of their own."""
        if not self.is_exact:
            return JoinedText(self.content[start:end], (0,), self.places[:1], is_exact=False)
        first = bisect_right(self.offsets, start)
        last = bisect_left(self.offsets, end, lo=first)
        offsets = (0, *(offset - start for offset in self.offsets[first:last]))
        return JoinedText(self.content[start:end], offsets, (self.position(start), *self.places[first:last]))


class Word(msgspec.Struct, frozen=True, gc=False):
    """A word, its quotes and escapes kept, and where it stands in its Text."""

    text: str
    start: int
    end: int


def holds_any(text: str, signs: Iterable[str]) -> bool:
    """True if one of the signs stands in a text: cheap enough to ask before a pattern or a parser."""
    return any(map(text.__contains__, signs))


@lru_cache(maxsize=16)  # each finding of an instruction asks for the same text
def one_line(text: str) -> str:
    """Return `text` with every run of white space as one blank."""
    return _RUNS.sub(" ", text).strip()
