"""Whether a test of a shell holds, as far as its words and the image's files tell (test(1), bash(1))."""

import operator
from collections.abc import Callable, Mapping, Sequence

from gate.reachability.runtimes.shell.values import (
    FALSE,
    OPEN,
    TRUE,
    Truth,
    both,
    compared,
    either,
    is_certain,
    is_known,
    likely,
    truth,
)

_NUMBERS: Mapping[str, Callable[[int, int], bool]] = {
    "-eq": operator.eq,
    "-ne": operator.ne,
    "-lt": operator.lt,
    "-le": operator.le,
    "-gt": operator.gt,
    "-ge": operator.ge,
}
_BINARY = frozenset({*_NUMBERS, "=", "==", "!=", "<", ">", "=~", "-nt", "-ot", "-ef"})
_OF_PATHS = frozenset("abcdefghkLprsuwxGNOS")
_MAX_NUMBER = 18

PathTest = Callable[[str, str], Truth]
"""Whether the path in the second argument passes the test whose letter is the first."""


def tested(words: Sequence[str], of_path: PathTest) -> Truth:
    """Return whether `test` holds for its words; the closing `]` is not among them."""
    return _Test(words, of_path).whole()


def unary(sign: str, word: str, of_path: PathTest) -> Truth:
    """Return whether a test of one word holds."""
    letter = sign[1:]
    if letter in ("n", "z"):
        is_full = _is_full(word)
        return is_full if letter == "n" else ~is_full
    if letter == "t":
        return truth(False, is_certain=False)
    if letter not in _OF_PATHS:
        return OPEN
    return of_path("e" if letter == "a" else letter, word)


def binary(left: str, sign: str, right: str) -> Truth:
    """Return whether a test of two words holds."""
    if sign in ("=", "=="):
        return compared(left, right)
    if sign == "!=":
        return ~compared(left, right)
    return _of_numbers(left, sign, right) if sign in _NUMBERS else OPEN


def _is_full(word: str) -> Truth:
    """Return whether a word has characters."""
    if is_known(word):
        return truth(bool(likely(word)), is_certain=is_certain(word))
    known = "".join(character for character in word if character > "\3")
    return TRUE if known and "\1" not in word else OPEN


def _of_numbers(left: str, sign: str, right: str) -> Truth:
    numbers = []
    for word in (left, right):
        digits = likely(word).strip() if is_known(word) else ""
        if not digits.lstrip("+-").isdecimal() or len(digits) > _MAX_NUMBER:
            return OPEN
        numbers.append(int(digits))
    return truth(_NUMBERS[sign](*numbers), is_certain=is_certain(left) and is_certain(right))


class _Test:
    """The words of one test, read from left to right."""

    def __init__(self, words: Sequence[str], of_path: PathTest) -> None:
        self._words = list(words)
        self._at = 0
        self._of_path = of_path

    def whole(self) -> Truth:
        if not self._words:
            return FALSE
        result = self._either()
        return result if self._at == len(self._words) else OPEN

    def _next(self) -> str:
        return self._words[self._at] if self._at < len(self._words) else ""

    def _either(self) -> Truth:
        result = self._both()
        while self._next() == "-o":
            self._at += 1
            result = either(result, self._both())
        return result

    def _both(self) -> Truth:
        result = self._one()
        while self._next() == "-a":
            self._at += 1
            result = both(result, self._one())
        return result

    def _one(self) -> Truth:
        left = len(self._words) - self._at
        word = self._next()
        if left >= 3 and self._words[self._at + 1] in _BINARY:
            self._at += 3
            return binary(word, *self._words[self._at - 2 : self._at])
        if word == "!" and left > 1:
            self._at += 1
            return ~self._one()
        if word == "(" and left > 2:
            return self._in_parentheses()
        if left >= 2 and len(word) == 2 and word[0] == "-" and word[1].isalpha() and word not in ("-a", "-o"):
            self._at += 2
            return unary(word, self._words[self._at - 1], self._of_path)
        self._at += 1
        return _is_full(word) if left else OPEN

    def _in_parentheses(self) -> Truth:
        self._at += 1
        result = self._either()
        if self._next() != ")":
            self._at = len(self._words) + 1
        self._at += 1
        return result
