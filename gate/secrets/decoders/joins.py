r"""Texts in pieces: `"ghp_" + "…"`, adjacent strings, `["ghp_", "…"].join("")`, and lines that go on below.

Put together are strings that a program would put together as they stand; what variables hold is not followed. Only
values of a format of their own count, for the pieces of sentences are no secrets.
"""

import re
from collections.abc import Iterator, Sequence

from gate.core.lazy_regex import lazy_regex
from gate.secrets.decoders.part import MAX_LINE, Mark
from gate.secrets.engine.prefilter_patterns import Pattern

JOINS = "Joins"
"""Stands for a plugin in the pre-filter's patterns."""
_TAIL = r"[A-Za-z0-9_+/=.-]"
_HEAD = r"[A-Za-z0-9_+/=-]"
_SIGN = r"(?:\+=?|\.{1,2}|&|\|\||<>|~|\^|<<|_)?"
_CLOSE, _OPEN = r"[\"'`]\)?[ \t]{0,20}", r"[ \t]{0,20}\(?[rbufLNRBUF@$]{0,2}[\"'`]"
_LIST = r"[\"'][ \t]{0,8},[ \t]{0,8}[\"']"
_OPERATORS = ("+", " + ", "+ ", " +", " . ", " .. ", "&", " & ", "||", " || ", " <> ", " ~ ", " << ")
_ENDS = ("+", " +", ".", " .", "&", " &", "||", " ||", " ..", "\\", " \\", " _", " <>", " <<")
"""What stands between two strings, and behind one that goes on below."""
_LITERALS = (
    *(f"{quote * 2}.join(" for quote in "\"'`"),
    *(f".join({quote * 2})" for quote in "\"'`"),
    *(f"{name}({quote * 2}," for name in ("implode", "join") for quote in "\"'"),
    *("concat(", "CONCAT(", "Concat(", "concat!(", "paste0("),
)
"""Literals alone cost the pre-filter hardly any time; `_IS_JOINED` says which of their places count."""
_LAST, _LETTER = _TAIL.encode(), _HEAD.encode()
_CLOSE_BY = (b'""', b"''", b"\"'", b"'\"", b'" "', b"' '", rb'"\."', rb"'\.'", rb'"\.\."', rb"'\.\.'", b'"~"')
"""What stands in many lines that join nothing: only between letters."""
SIEVE = (
    *(Pattern(JOINS, re.escape(literal).encode()) for literal in dict.fromkeys(_LITERALS)),
    *(
        Pattern(JOINS, _LAST + re.escape(f"{close}{sign}{quote}").encode() + _LETTER)
        for close in "\"'"
        for sign in _OPERATORS
        for quote in ('"', "'", 'b"', "b'")
    ),
    *(
        Pattern(
            JOINS, _LAST + re.escape(f"{close}{end}\n").encode() + rb"[ \t]{0,}\(?[rbufLNRBUF@$]{0,2}[\"'`]" + _LETTER
        )
        for close in "\"'`"
        for end in _ENDS
    ),
    *(Pattern(JOINS, _LETTER + between + _LETTER) for between in _CLOSE_BY),
    *(
        Pattern(JOINS, _LETTER + quote + rb"\n[ \t]{0,60}[+.&|<]{0,2}[ ]?[bruf]?" + quote + _LETTER)
        for quote in (b'"', b"'")
    ),
    Pattern(JOINS, rb"[A-Za-z0-9_+/-]\\\n"),
)
"""Lines in which a piece goes on with another, or with the line below."""
_MEETS = (
    rf"[\"'`]\)?[ \t]*+{_SIGN}(?:\\?\n[ \t]*+{_SIGN})?[ \t]*+\(?[rbufLNRBUF@$]{{0,2}}[\"'`]{_HEAD}"
    rf"|(?i:join|implode|concat|paste0)|[A-Za-z0-9_+/-]\\\n[ \t]*+{_HEAD}"
)
_IS_JOINED = lazy_regex(f"{_TAIL}{_MEETS}".encode())
_IS_JOINED_IN_LINE = lazy_regex(rf"{_TAIL}(?<![^\\]\\n){_MEETS}".encode())
"""The same, but for pieces that end with a written line's end, as every line of a translation does."""
_ARMOUR = b"-----"
"""Around keys, the one kind of value that goes on in the next line."""
_AT_MOST = 40
"""Characters before the end of what the pre-filter saw that the pieces may meet in."""

_GLUE = lazy_regex(
    rf"(?<=[A-Za-z0-9_+/=.-])[\"'`]\)?[ \t]*+{_SIGN}\\?\s*+{_SIGN}[ \t]*+\(?[rbufLNRBUF@$]{{0,2}}[\"'`](?={_HEAD})"
)
_COMMA = lazy_regex(_LIST)
_GATHERED = lazy_regex(r"(?i:join|implode|concat|paste0)")
_CONTINUED = lazy_regex(r"\\\n[ \t]{0,40}(?=[A-Za-z0-9_+/=-])")
_GOES_ON = lazy_regex(rf"(?:[\"'`]\)?[ \t]*+{_SIGN}\\?|\+|\.\.?|&|\|\||[A-Za-z0-9_+/-]\\)$")
_LAST_SIGNS = tuple("\"'`)+=.&|<>~^_\\")
"""What a line ends with that goes on."""
_AT_END = 200
"""Characters at a line's end that are searched for such an end; blanks that a person wrote are fewer."""
_MOST_LINES = 10
"""Lines of one value above and below a marked one."""


def may_meet(utf8: bytes, end: int) -> bool:
    """True if pieces meet where the pre-filter saw something end: its literals alone stand in many lines."""
    first, last = max(end - _AT_MOST, 0), end + _AT_MOST
    if _IS_JOINED_IN_LINE.search(utf8, first, last):
        return True
    return _IS_JOINED.search(utf8, first, last) is not None and _ARMOUR in utf8


def joined(marks: Sequence[Mark], lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield (line, text) for each marked place with its pieces put together."""
    done = 0
    for mark in marks:
        if mark.line <= done:
            continue
        done, block = _block(mark, lines)
        for piece in (block,) if block else mark.pieces():
            text = put_together(piece)
            if text != piece:
                yield mark.line, text


def put_together(text: str) -> str:
    """Return a text with the strings in it put together that follow one another, and the lines that go on."""
    text = _GLUE.sub("", _CONTINUED.sub("", text))
    return _COMMA.sub("", text) if _GATHERED.search(text) else text


def _block(mark: Mark, lines: Sequence[str]) -> tuple[int, str]:
    """Return the last line and the text of the lines around a marked one that go on with each other."""
    first = last = mark.line
    while first > 1 and mark.line - first < _MOST_LINES and _continues(lines[first - 2]):
        first -= 1
    while last < len(lines) and last - mark.line < _MOST_LINES and _continues(lines[last - 1]):
        last += 1
    chosen = [lines[number - 1] for number in range(first, last + 1)]
    return last, "".join(chosen) if first < last and max(map(len, chosen)) < MAX_LINE else ""


def _continues(line: str) -> bool:
    if len(line) >= MAX_LINE:
        return False
    bare = line.rstrip()
    # From near the end: a search for what ends there would try every place of a long line.
    return bare.endswith(_LAST_SIGNS) and _GOES_ON.search(bare, max(len(bare) - _AT_END, 0)) is not None
