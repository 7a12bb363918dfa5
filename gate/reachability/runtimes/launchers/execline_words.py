"""The words of an execline script: its command line, and the parts of each program's (the manual of execline 2.9)."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise, takewhile

import msgspec

from gate.core.word_lists import word_lists

_MAX_WORDS = 20_000
"""Words of one script."""
MAX_VALUES = 100
"""Values that one variable is replaced by."""
_WORD = re.compile(
    r"""
      (?P<blank>\s+)
    | (?P<comment>\#[^\n]*)
    | (?P<open>\{(?=\s|$)) | (?P<close>\}(?=\s|$))
    | (?P<word>(?:\\.|"(?:\\.|[^"\\])*"|[^\s"\\])+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_PIECE = re.compile(r"\\(?P<escaped>.)|\"(?P<quoted>(?:\\.|[^\"\\])*)\"|(?P<bare>[^\"\\]+)", re.DOTALL)
_IN_QUOTES = re.compile(r"\\(.)", re.DOTALL)
_SIGNS = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "v": "\v", "f": "\f"}


class ProgramShape(msgspec.Struct, frozen=True):
    """The words that one program takes for itself."""

    operands: int
    """Words between its options and its blocks."""
    blocks: int
    runs_rest: bool
    """True if the words behind are another command."""
    valued: frozenset[str]
    """Options that take the next word as their value."""


def _shapes() -> Iterator[tuple[str, ProgramShape]]:
    words = word_lists(__file__)["programs"]
    heads = [place - 4 for place, word in enumerate(words) if word == ":"]
    for place, end in pairwise([*heads, len(words)]):
        operands, blocks, rest = map(int, words[place + 1 : place + 4])
        yield words[place], ProgramShape(operands, blocks, bool(rest), frozenset(words[place + 5 : end]))


SHAPES = dict(_shapes())
"""By the program's name."""


class ProgramLine(msgspec.Struct, frozen=True):
    """The command line of one program, taken apart."""

    options: tuple[str, ...]
    operands: tuple[str, ...]
    blocks: tuple[tuple[str, ...], ...]
    rest: tuple[str, ...]

    def value(self, option: str) -> str | None:
        """Return the word behind an option; None if it is not given."""
        return next((value for name, value in pairwise(self.options) if name == option), None)


def argv_of(text: str) -> tuple[str, ...]:
    """Return the command line that a script stands for; an unfinished block ends with the script."""
    words: list[str] = []
    depth = 0
    for token in _WORD.finditer(text):
        if token["word"]:
            words.append(" " * depth + "".join(map(_piece, _PIECE.finditer(token["word"]))))
        elif token["open"]:
            depth += 1
        elif token["close"] and depth:
            depth -= 1
            words.append(" " * depth)
        if len(words) >= _MAX_WORDS:
            break
    return (*words, *(" " * level for level in range(depth - 1, -1, -1)))


def _piece(found: "re.Match[str]") -> str:
    if found["bare"] is not None:
        return found["bare"]
    if found["escaped"] is not None:
        return "" if found["escaped"] == "\n" else found["escaped"]
    return _IN_QUOTES.sub(lambda one: _SIGNS.get(one[1], one[1]), found["quoted"])


def read_line(words: tuple[str, ...], shape: ProgramShape) -> ProgramLine:
    """Take a command line apart into options, operands, blocks and the words behind."""
    place = 0
    while place < len(words) and re.fullmatch(r"-[A-Za-z].*", words[place], re.DOTALL):
        place += 2 if words[place] in shape.valued else 1
    place += place < len(words) and words[place] == "--"
    options, rest = words[:place], words[place:]
    operands, rest = rest[: shape.operands], rest[shape.operands :]
    blocks = []
    for _ in range(shape.blocks):
        block = tuple(takewhile(lambda word: word.startswith(" "), rest))
        blocks.append(tuple(word[1:] for word in block))
        rest = rest[len(block) + 1 :] if len(block) < len(rest) and not rest[len(block)] else rest[len(block) :]
    return ProgramLine(options, operands, tuple(blocks), rest if shape.runs_rest else ())


def replaced(words: Iterable[str], name: str, values: tuple[str, ...]) -> tuple[str, ...]:
    """Put values in the place of `$NAME` and `${NAME}`: a word with one becomes as many words as there are values."""
    variable = re.compile(rf"\$(?:{re.escape(name)}(?![\w])|\{{{re.escape(name)}\}})")
    result: list[str] = []
    for word in words:
        if variable.search(word):
            result.extend(variable.sub(lambda _, value=value: value, word) for value in values[:MAX_VALUES])  # type: ignore[misc]
        else:
            result.append(word)
    return tuple(result)
