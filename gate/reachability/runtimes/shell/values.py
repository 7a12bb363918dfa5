"""What is known of a shell's texts and conditions before it runs.

A text may hold `UNKNOWN` for a part that is known only at run time. A variable that neither the image nor the script
sets is empty unless a user of the image sets it: what follows from that is likely, not certain. So the text that is
used instead, as the `web` of `${MODE:-web}`, stands between two marks.
"""

import posixpath
import re
from collections.abc import Iterator
from itertools import groupby

import msgspec

from gate.reachability.runtimes.walk.graph import UNKNOWN

_LIKELY = "\1"
_END = "\2"
_STAR = "\4"
_QUOTED = "\6"
MANY = "\3"
"""In a list of words, stands for any number of words."""
HOLE = "\5"
"""In a list of words, stands for what unset variables leave out of it: nothing, unless a user sets them."""
UNSET = _LIKELY + _END
"""The value of a variable that neither image nor script sets."""
_MARKS = str.maketrans("", "", _LIKELY + _END)
_FOREIGN = str.maketrans(dict.fromkeys((_LIKELY, _END, MANY, _STAR, HOLE, _QUOTED), "?"))
_OPEN_PARTS = re.compile(f"{UNKNOWN}|{MANY}|{_LIKELY}[^{_END}]*{_END}")
_ASSIGNMENT = re.compile(rf"\s*{UNKNOWN}{_QUOTED}(?P<name>\w+)=(?P<value>[^{_QUOTED}]*){_QUOTED}\s*", re.ASCII)
_MAX_PATTERN = 300
"""Characters of a pattern; longer ones are compared at run time only."""


class Truth(msgspec.Struct, frozen=True):
    """Whether a condition holds."""

    value: bool | None
    """None if it is not certain."""
    likely: bool | None
    """How it is in a container that is started without settings of its own; None if that is open too."""

    def __invert__(self) -> "Truth":
        """The opposite."""
        return Truth(_opposite(self.value), _opposite(self.likely))


def _opposite(value: bool | None) -> bool | None:
    return None if value is None else not value


_TRUTHS = {(value, likely): Truth(value, likely) for value in (True, False, None) for likely in (True, False, None)}
TRUE = _TRUTHS[True, True]
FALSE = _TRUTHS[False, False]
OPEN = _TRUTHS[None, None]


def truth(value: bool, *, is_certain: bool = True) -> Truth:
    """Return the Truth of a condition that holds, or does not, for certain or likely."""
    return _TRUTHS[value if is_certain else None, value]


def both(left: Truth, right: Truth) -> Truth:
    """Return whether two conditions hold together."""
    return _TRUTHS[_and(left.value, right.value), _and(left.likely, right.likely)]


def either(left: Truth, right: Truth) -> Truth:
    """Return whether one of two conditions holds."""
    return ~both(~left, ~right)


def _and(left: bool | None, right: bool | None) -> bool | None:
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def joined(left: Truth, right: Truth) -> Truth:
    """Return what is known if either of two may be the case."""
    if left == right:
        return left
    return _TRUTHS[None, left.likely if left.likely == right.likely else None]


def source_text(text: str) -> str:
    """Return a script's text without characters that have a meaning here."""
    return text.translate(_FOREIGN)


def likely(text: str) -> str:
    """Return a text as it is if unset variables stay unset; it may still hold `UNKNOWN`."""
    return text.translate(_MARKS)


def assumed(text: str) -> str:
    """Return a text as likely, not certain."""
    return f"{_LIKELY}{likely(text)}{_END}"


def is_certain(text: str) -> bool:
    """True for a text that is known whatever a user sets."""
    return not any(mark in text for mark in (UNKNOWN, _LIKELY, MANY))


def is_known(text: str) -> bool:
    """True for a text of which no part is known only at run time, if unset variables stay unset."""
    return UNKNOWN not in text and MANY not in text


def is_unset(text: str) -> bool:
    """True for a text that is nothing but the value of unset variables."""
    return text != "" and likely(text) == ""


def in_common(one: str | None, other: str | None) -> str:
    """Return a text of which both are cases: the words that both begin and end with, and what is not known between."""
    if one is None or other is None:
        return UNKNOWN
    first = _whole_words(one, other)
    last = _whole_words(one[len(first) :][::-1], other[len(first) :][::-1])[::-1]
    return f"{first}{UNKNOWN}{last}" if _has_whole_marks(first) and _has_whole_marks(last) else UNKNOWN


def _whole_words(one: str, other: str) -> str:
    """Return what two texts begin with, up to the last blank."""
    same = posixpath.commonprefix((one, other))
    return same[: same.rfind(" ") + 1]


def _has_whole_marks(text: str) -> bool:
    return text.count(_LIKELY) == text.count(_END)


def without_last_lines(text: str) -> str:
    """Return what a substitution becomes: a text without the ends of its last lines."""
    text = text.rstrip("\n")
    if text.endswith(f"\n{_END}"):
        return without_last_lines(text[:-1].rstrip("\n") + _END)
    return text


def quoted_assignment(name: str, value: str) -> str:
    """Return a line that assigns a value which is quoted, whatever is in it; to all but `eval` it is not known."""
    return f"{UNKNOWN}{_QUOTED}{name}={value}{_QUOTED}\n"


def quoted_assignments(text: str) -> list[tuple[str, str]]:
    """Return names and values of a text that is nothing but such lines; none for any other text."""
    found, place = list[tuple[str, str]](), 0
    while place < len(text):
        one = _ASSIGNMENT.match(text, place)
        if one is None:
            return []
        found.append((one["name"], one["value"]))
        place = one.end()
    return found


def settled(text: str) -> str:
    """Return a text for a program's arguments: what a user may set is unknown, unless the script has a default."""
    return likely(text.replace(UNSET, UNKNOWN).replace(MANY, UNKNOWN))


def compared(left: str, right: str) -> Truth:
    """Return whether two texts are equal."""
    if is_certain(left) and is_certain(right):
        return truth(left == right)
    if is_known(left) and is_known(right):
        return truth(likely(left) == likely(right), is_certain=False)
    return OPEN if _may_equal(left, right) else FALSE


def _may_equal(left: str, right: str) -> bool:
    """True unless what is known of two texts tells them apart; both may hold parts that are not known."""
    parts, others = _OPEN_PARTS.split(left), _OPEN_PARTS.split(right)
    size = min(len(parts[0]), len(others[0]))
    if parts[0][:size] != others[0][:size]:
        return False
    if len(parts) > 1 and len(others) > 1:
        return True
    known, partly = (parts[0], others) if len(parts) == 1 else (others[0], parts)
    return len(known) >= sum(map(len, partly)) and known.endswith(partly[-1])


class ShellPattern(msgspec.Struct, frozen=True):
    """A pattern with wildcards, as `case` and `${x#…}` have it."""

    expression: str
    """A regular expression; empty if it is not known."""
    is_certain: bool
    is_plain: bool
    """True if it has no wildcards; then `text` is what it stands for."""
    text: str

    def matches(self, subject: str) -> Truth:
        """Return whether a whole text matches."""
        if self.is_plain:
            return compared(subject, self.text)
        if self.expression in (".*", "(?:.*)"):
            return TRUE
        if not self.expression or not is_known(subject):
            return OPEN
        found = re.compile(self.expression, re.DOTALL).fullmatch(likely(subject)) is not None
        return truth(found, is_certain=self.is_certain and is_certain(subject))


def pattern(pieces: list[tuple[str, bool]]) -> ShellPattern:
    """Return the pattern that is put together from pieces; of each it is known whether it is quoted."""
    pieces = list(_joined_pieces(pieces))
    text = "".join(piece for piece, _ in pieces)
    has_wildcards = any(re.search(r"[*?\[\\]|[@!+]\(", piece) for piece, is_quoted in pieces if not is_quoted)
    is_readable = is_known(text) and len(text) < _MAX_PATTERN and not _is_extended(pieces)
    expression = _compilable(_whole(pieces)) if is_readable else ""
    return ShellPattern(expression, is_certain(text), not has_wildcards, text)


def _joined_pieces(pieces: list[tuple[str, bool]]) -> Iterator[tuple[str, bool]]:
    """Yield the pieces with neighbours joined that are quoted alike: a bracket's parts may be several."""
    for is_quoted, group in groupby(pieces, lambda piece: piece[1]):
        yield "".join(piece for piece, _ in group), is_quoted


def _whole(pieces: list[tuple[str, bool]]) -> str:
    """Return a regular expression. Each `*` but the last takes as little as it can, for good, which is fast."""
    first, *others = "".join(_expression(likely(piece), is_quoted) for piece, is_quoted in pieces).split(_STAR)
    if not others:
        return first
    return "".join([first, *(f"(?>.*?{part})" for part in others[:-1]), ".*", others[-1]])


def _is_extended(pieces: list[tuple[str, bool]]) -> bool:
    """True for the patterns in parentheses of bash and ksh, which are not read."""
    return any(re.search(r"[@!*?+]\(", piece) for piece, is_quoted in pieces if not is_quoted)


def _compilable(expression: str) -> str:
    try:
        re.compile(expression)
    except re.error:
        return ""
    return expression


_WILDCARD = re.compile(r"\*+|\?|\[[!^]?\]?(?:\[:\w+:\]|[^\]])*\]|\\.", re.DOTALL)
_CLASSES = {
    "[:alpha:]": "a-zA-Z",
    "[:digit:]": "0-9",
    "[:alnum:]": "a-zA-Z0-9",
    "[:upper:]": "A-Z",
    "[:lower:]": "a-z",
    "[:space:]": r"\s",
    "[:blank:]": r" \t",
    "[:punct:]": r"!-/:-@\[-`{-~",
    "[:xdigit:]": "0-9a-fA-F",
}


def _expression(text: str, is_quoted: bool) -> str:
    if is_quoted:
        return re.escape(text)
    parts, place = [], 0
    for found in _WILDCARD.finditer(text):
        parts.append(re.escape(text[place : found.start()]))
        parts.append(_wildcard(found[0]))
        place = found.end()
    return "".join([*parts, re.escape(text[place:])])


def _wildcard(sign: str) -> str:
    if sign[0] == "*":
        return _STAR
    if sign == "?":
        return "."
    if sign[0] == "\\":
        return re.escape(sign[1:])
    inside = sign[1:-1]
    is_negated = inside[:1] in ("!", "^")
    inside = re.sub(r"\\(?!.)", r"\\\\", inside[is_negated:])
    for name, characters in _CLASSES.items():
        inside = inside.replace(name, characters)
    return f"[{'^' if is_negated else ''}{_class(inside)}]"


def _class(inside: str) -> str:
    """Return the inside of a bracket expression as regular expressions have it."""
    inside = re.sub(r"\[|&&|\|\||~~|--", lambda found: "".join(f"\\{sign}" for sign in found[0]), inside)
    return "\\]" + inside[1:] if inside.startswith("]") else inside
