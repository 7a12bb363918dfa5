"""The lines of a long text in which a name may stand, found in one pass however many names there are.

Most long texts of an image are data, in which next to none of the names stands. To take such a text apart takes twenty
times as long as to look for all names in it.
"""

import re
import string
from collections.abc import Iterable, Iterator

from gate.core.literals import Literals

_WINDOW = 4 << 20
"""Bytes that are searched at a time."""
_GOES_ON = frozenset((string.ascii_letters + string.digits + "_.+@~/-").encode())
"""Bytes in front of which no name ends."""
_FOLDER = ord("/")
_NEWLINE, _NEWLINE_OR_NUL = re.compile(rb"\n"), re.compile(rb"[\n\0]")


def lines_with(names: Literals, content: bytes, *, is_data: bool) -> bytes:
    """Return the lines of a text with one of the names that no longer word goes on with; all, if that is not quick.

    In data a line ends at a NUL too, which it then has in it, as it has the one in front.
    """
    return b"\n".join(_windows(names, content, is_data=is_data)) if names.is_quick else content


def _windows(names: Literals, content: bytes, *, is_data: bool) -> Iterator[bytes]:
    begin = 0
    while begin < len(content):
        end = _line_end(content, begin + _WINDOW, is_data=is_data)
        window = content[max(0, begin - 1) : end]  # with what ends the line in front
        yield from _lines(names.ends(window), window, is_data=is_data)
        begin = end


def _lines(ends: Iterable[int], text: bytes, *, is_data: bool) -> Iterator[bytes]:
    behind = 0
    for place in ends:
        if place > behind and _may_end(place, text):
            before = max(0, behind - 1)
            nul = text.rfind(b"\0", before, place) if is_data else -1
            begin = max(text.rfind(b"\n", before, place) + 1, nul)
            behind = _line_end(text, place, is_data=is_data)
            yield text[begin:behind]


def _may_end(place: int, text: bytes) -> bool:
    return place == len(text) or text[place] not in _GOES_ON or text[place - 1] == _FOLDER


def _line_end(text: bytes, place: int, *, is_data: bool) -> int:
    """Return the place behind the line that holds `place`."""
    found = (_NEWLINE_OR_NUL if is_data else _NEWLINE).search(text, place)
    return len(text) if found is None else found.end()
