r"""Texts in pieces: `"ghp_" + "…"`, adjacent strings, `["ghp_", "…"].join("")`, and lines that go on below.

Put together are strings that a program would put together as they stand; what variables hold is not followed. Only
values of a format of their own count, for the pieces of sentences are no secrets.
"""

from collections.abc import Iterator, Sequence

from gate.secrets.forms.part import MAX_LINE, Mark
from gate.secrets.late import late
from gate.secrets.patterns import Pattern

JOINS = "Joins"
"""Stands for a plugin in the pre-filter's patterns."""
_TAIL = r"[A-Za-z0-9_+/=.-]"
_HEAD = r"[A-Za-z0-9_+/=-]"
_SIGN = r"(?:\+=?|\.{1,2}|&|\|\||<>|~|\^|<<|_)?"
_CLOSE, _OPEN = r"[\"'`]\)?[ \t]{0,20}", r"[ \t]{0,20}\(?[rbufLNRBUF@$]{0,2}[\"'`]"
_LIST = r"[\"'][ \t]{0,8},[ \t]{0,8}[\"']"
SIEVE = (
    Pattern(JOINS, (_TAIL + _CLOSE + _SIGN + _OPEN + _HEAD).encode()),
    Pattern(
        JOINS,
        (_TAIL + _CLOSE + _SIGN + r"\\?[ \t]{0,8}\n[ \t]{0,60}" + _SIGN + _OPEN + _HEAD).encode(),
    ),
    Pattern(JOINS, rb"(?:join|implode|concat|paste0)[^\n]{0,31}" + _LIST.encode(), True),
    Pattern(JOINS, _LIST.encode() + rb"[^\n]{0,200}\bjoin", True),
    Pattern(JOINS, rb"[A-Za-z0-9_+/-]\\\n[ \t]{0,40}[A-Za-z0-9_+/=-]"),
)
"""Lines in which a piece goes on with another, or that go on with the line above."""

_GLUE = late(
    rf"(?<=[A-Za-z0-9_+/=.-])[\"'`]\)?[ \t]*+{_SIGN}\\?\s*+{_SIGN}[ \t]*+\(?[rbufLNRBUF@$]{{0,2}}[\"'`](?={_HEAD})"
)
_COMMA = late(_LIST)
_GATHERED = late(r"(?i:join|implode|concat|paste0)")
_CONTINUED = late(r"\\\n[ \t]{0,40}(?=[A-Za-z0-9_+/=-])")
_GOES_ON = late(rf"(?:[\"'`]\)?[ \t]*+{_SIGN}\\?|\+|\.\.?|&|\|\||[A-Za-z0-9_+/-]\\)$")
_MOST_LINES = 10
"""Lines of one value above and below a marked one."""


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
    """Return a text with the strings in it put together that stand beside each other, and the lines that go on."""
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
    return len(line) < MAX_LINE and _GOES_ON.search(line.rstrip()) is not None
