"""How Docker cuts the text behind an instruction's name into flags and words."""

import re
from collections.abc import Iterator

from gate.dockerfile.syntax import Flag
from gate.dockerfile.text import SPACE, STRIPPED, Word

BLANKS = "\t\v\f\r "
"""What parts arguments that know no quotes, and an instruction from its arguments."""
_BARE = re.compile(rf"[^{BLANKS}]+")
_BLANK_RUN = re.compile(rf"[{BLANKS}]+")


def _quoted_words(escape: str, single_quotes_escape: bool) -> "re.Pattern[str]":
    mark = re.escape(escape)
    single = rf"'(?:[^'{mark}]|{mark}.)*+(?:'|\Z|{mark}\Z)" if single_quotes_escape else r"'[^']*+(?:'|\Z)"
    double = rf'"(?:[^"{mark}]|{mark}.)*+(?:"|\Z|{mark}\Z)'
    return re.compile(rf"(?:[^{SPACE}\"'{mark}]++|{mark}.|{double}|{single}|{mark}\Z)++", re.DOTALL)


_WORDS = {escape: _quoted_words(escape, single_quotes_escape=False) for escape in "\\`"}
_FLAG = _quoted_words("\\", single_quotes_escape=True)
_FLAG_GAP = re.compile(rf"[{SPACE}]*")
_QUOTES = re.compile(r"""\\(.)|"((?:[^"\\]|\\.)*+)(?:"|\\?\Z)|'((?:[^'\\]|\\.)*+)(?:'|\\?\Z)|\\\Z""", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def split_quoted(text: str, start: int, end: int, escape: str) -> Iterator[Word]:
    """Yield the words of ENV, LABEL and ARG: quotes hold blanks together and are kept."""
    for found in _WORDS[escape].finditer(text, start, end):
        word = found[0]
        yield Word(_without_last_escape(word, escape) if word.endswith(escape) else word, found.start(), found.end())


def _without_last_escape(word: str, escape: str) -> str:
    """Drop an escape that has nothing behind it."""
    run = len(word) - len(word.rstrip(escape))
    return word[:-1] if run % 2 else word


def split_bare(text: str, start: int, end: int) -> tuple[Word, ...]:
    """Return the words of FROM, COPY, EXPOSE and the like: quotes mean nothing."""
    return tuple([Word(found[0], found.start(), found.end()) for found in _BARE.finditer(text, start, end)])


_NAME = re.compile(rf"([A-Za-z]+)[{BLANKS}]+(?=[^{BLANKS}])")


def split_name(text: str, end: int) -> tuple[Word, int]:
    """Return an instruction's name, and where what follows the blanks behind it begins."""
    found = _NAME.match(text, 0, end)
    if found is None:
        start = len(text) - len(text.lstrip(STRIPPED))
        return split_first(text, start, end)
    return Word(found[1], 0, found.end(1)), found.end()


def split_first(text: str, start: int, end: int) -> tuple[Word, int]:
    """Return the first word and where what follows the blanks behind it begins."""
    gap = _BLANK_RUN.search(text, start, end)
    if gap is None:
        return Word(text[start:end], start, end), end
    return Word(text[start : gap.start()], start, gap.start()), gap.end()


def take_flags(text: str, start: int, end: int) -> tuple[tuple[Flag, ...], int]:
    """Return the `--name=value` words at the beginning, and where what follows them begins."""
    flags: list[Flag] = []
    while text.startswith("--", start, end):
        found = _FLAG.match(text, start, end)
        if found is None:
            break
        word = _QUOTES.sub(_unquoted, found[0])
        after = _FLAG_GAP.match(text, found.end(), end)
        start = after.end() if after else found.end()
        if word == "--":
            break
        name, equals, value = word[2:].partition("=")
        flags.append(Flag(name, value if equals else None, found.start(), found.end()))
    return tuple(flags), start


def _unquoted(part: "re.Match[str]") -> str:
    """Return what a quoted part of a flag stands for: here the backslash escapes inside both kinds of quotes."""
    escaped, double, single = part.groups()
    return escaped or _ESCAPED.sub(r"\1", double or single or "")
