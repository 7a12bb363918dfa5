"""Files that are no text: what stands in them in plain letters, as any program that prints strings shows it.

Around each place where a token of a format of its own may stand is a window, which only such formats count in. Lines of
nothing but letters are read as the text that they are: a password in them is one for anyone who opens the file.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from gate.secrets.engine.text import Text

_BEFORE, _BEHIND = 1 << 10, 8 << 10
"""Bytes of a window before and behind the end of what the pre-filter saw: a private key goes on."""
_MAX_WINDOWS = 2_000
_CLEAN = re.compile(rb"\n([\t\x20-\x7e]{8,2000})(?=\r?(?:\n|\Z))")
_FIRST = re.compile(rb"([\t\x20-\x7e]{8,2000})(?=\r?(?:\n|\Z))")
_MAX_CLEAN = 4 << 20
"""Bytes of clean lines of one file."""
_PARTED = bytes(one if one in (0, 9, 10, *range(32, 127)) else 32 for one in range(256))
"""What is no letter separates its neighbours; but for a NUL, which stands between the letters of UTF-16."""


class Readable(msgspec.Struct, frozen=True):
    """Lines of a binary file, put together as one text."""

    text: Text
    numbers: tuple[int, ...]
    """For each of its lines the line of the file."""


def is_bytecode(content: bytes, path: str) -> bool:
    """True for what Python compiled (PEP 3147): its lines of letters are the documentation of its functions."""
    return path.endswith(".pyc") and content[2:4] == b"\r\n"


def windows(content: bytes, ends: Iterable[int]) -> Readable | None:
    """Return what stands around these places (in their order); None if there are none."""
    spans: list[tuple[int, int]] = []
    for end in ends:
        start, stop = max(end - _BEFORE, 0), min(end + _BEHIND, len(content))
        if spans and start <= spans[-1][1]:
            spans[-1] = spans[-1][0], stop
        elif len(spans) < _MAX_WINDOWS:
            spans.append((start, stop))
    return _readable(content, spans)


def clean_lines(content: bytes) -> Readable | None:
    """Return the lines that are nothing but printable ASCII; None if there are none."""
    return _readable(content, _clean_spans(content))


def _clean_spans(content: bytes) -> list[tuple[int, int]]:
    first = _FIRST.match(content)
    spans, size = [first.span(1)] if first else [], 0
    for found in _CLEAN.finditer(content):
        spans.append(found.span(1))
        size += found.end() - found.start()
        if size > _MAX_CLEAN:
            break
    return spans


def _readable(content: bytes, spans: Sequence[tuple[int, int]]) -> Readable | None:
    if not spans:
        return None
    pieces: list[str] = []
    numbers: list[int] = []
    for number, piece in _numbered(content, spans):
        pieces.append(piece)
        numbers += range(number, number + piece.count("\n") + 1)
    joined = "\n".join(pieces)
    return Readable(Text(joined, joined.encode(), "utf-8"), tuple(numbers))


def _numbered(content: bytes, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, str]]:
    """Yield each piece of the file with the number of the line that it begins in."""
    number, place = 1, 0
    for start, stop in spans:
        number += content.count(b"\n", place, start)
        place = start
        yield number, content[start:stop].translate(_PARTED).decode("ascii")
