"""Here-documents: which an instruction announces, by BuildKit's rules (a whole word, whatever the shell would say)."""

import re
from collections.abc import Iterator

import msgspec

from gate.core.lazy_regex import lazy_regex
from gate.dockerfile.text import SPACE

TAKES_HEREDOCS = frozenset({"ADD", "COPY", "RUN"})

_DOUBLE = r'"(?:[^"\\]|\\.)*+"'
_SINGLE = r"'[^']*+'"
_BRACES = r"\$\{[^{}]*+\}"
_PART = rf"{_DOUBLE}|{_SINGLE}|\\.|{_BRACES}|[^{SPACE}\"'\\$]++|\$(?!\{{)"
_WORD = lazy_regex(rf"(?:{_PART})++", re.DOTALL)
_ANNOUNCED = re.compile(r"(\d*)<<(-?)([^<]*)", re.DOTALL)
_GAP = re.compile(rf"[{SPACE}]*")
_QUOTES = re.compile(r"""\\(.)|"((?:[^"\\]|\\.)*+)"|'([^']*+)'""", re.DOTALL)
_ESCAPED = re.compile(r'\\(["\\$])')


class Announced(msgspec.Struct, frozen=True):
    """A heredoc's beginning, `<<EOF`; its body follows on the next lines."""

    name: str
    descriptor: int
    is_expanded: bool
    strips_tabs: bool


def announced(text: str) -> tuple[Announced, ...]:
    """Return the heredocs that the joined instruction `text` announces, in order."""
    return tuple(filter(None, map(_announced_by, _words(text))))


def _words(text: str) -> Iterator[str]:
    """Yield the words of `text`, or nothing if its quotes do not close."""
    words: list[str] = []
    place = 0
    while True:
        gap = _GAP.match(text, place)
        place = gap.end() if gap else place
        if place == len(text):
            return iter(words)
        word = _WORD.match(text, place)
        if word is None:
            return iter(())
        words.append(word[0])
        place = word.end()


def _announced_by(word: str) -> Announced | None:
    found = _ANNOUNCED.fullmatch(word)
    if found is None or not found[3]:
        return None
    name = _QUOTES.sub(_unquoted, found[3])
    if not name:
        return None
    return Announced(name, int(found[1][-6:] or 0), name == found[3], found[2] == "-")


def _unquoted(part: "re.Match[str]") -> str:
    escaped, double, single = part.groups()
    if double is not None:
        return _ESCAPED.sub(r"\1", double)
    return str(escaped if escaped is not None else single)
