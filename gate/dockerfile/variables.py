"""ARG and ENV: what `$X`, `${X:-d}` and `${X:+d}` stand for where Docker replaces them."""

import re
from bisect import bisect_right
from collections.abc import Callable

MAX_VALUE = 64 << 10
"""Characters of a value; one that grows beyond (`ENV A=$A$A`, again and again) counts as unknown."""
MAX_DEPTH = 16
"""Defaults inside defaults: `${A:-${B:-…}}`; what is nested deeper counts as unknown."""

LookUp = Callable[[str], "Value"]


class Unset:
    """A variable that nothing declares, or that is declared and gets its value when the image is built."""


UNSET = Unset()
Value = str | Unset | None
"""A value, UNSET, or None: it has a value that cannot be known here."""


class Variables:
    """The values of variables over the instructions of a stage: each assignment holds from its place on."""

    def __init__(self) -> None:
        self._history: dict[str, tuple[list[int], list[Value]]] = {}

    def assign(self, name: str, value: Value, place: int) -> None:
        """Give `name` a value from `place` on; places must not go down."""
        places, values = self._history.setdefault(name, ([], []))
        places.append(place)
        values.append(value)

    def value(self, name: str, place: int) -> Value:
        """Return what `name` stands for at `place`."""
        places, values = self._history.get(name, ((), ()))
        earlier = bisect_right(places, place)
        return values[earlier - 1] if earlier else UNSET

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that is declared anywhere, in the order of the declarations."""
        return tuple(self._history)

    def declares(self, name: str, place: int) -> bool:
        """True if `name` is declared before or at `place`, with or without a value."""
        history = self._history.get(name)
        return history is not None and history[0][0] <= place


def expand(word: str, look_up: LookUp, escape: str = "\\") -> str | None:
    """Return `word` without quotes and with its variables replaced; None if that needs an unknown value.

    By the Dockerfile reference, "Environment replacement"; quotes as in BuildKit's shell lexer.
    """
    if "$" not in word and '"' not in word and "'" not in word and escape not in word:
        return word
    return _Expansion(word, look_up, escape).run()


def names_in(word: str, escape: str = "\\") -> frozenset[str]:
    """Return the variables that Docker looks up for `word`."""
    found: set[str] = set()

    def note(name: str) -> str:
        found.add(name)
        return ""

    expand(word, note, escape)
    return frozenset(found)


_PLAIN = {escape: re.compile(rf"[^$\"'{re.escape(escape)}]+") for escape in "\\`"}
_NAME = re.compile(r"[A-Za-z_]\w*|\d|[@*#?!$-]", re.ASCII)
_SINGLE = re.compile(r"'([^']*)'?")
_MODIFIER = re.compile(r":?[-+?]")


class _Expansion:
    """One run over one word."""

    def __init__(self, word: str, look_up: LookUp, escape: str, depth: int = 0) -> None:
        self._word = word
        self._look_up = look_up
        self._escape = escape
        self._place = 0
        self._depth = depth

    def run(self) -> str | None:
        """Return the value of the whole word."""
        parts: list[str] = []
        length, in_double = 0, False
        while self._place < len(self._word):
            if self._word[self._place] == '"':
                in_double = not in_double
                self._place += 1
                continue
            part = self._next_part(in_double)
            if part is None or length + len(part) > MAX_VALUE:
                return None
            parts.append(part)
            length += len(part)
        return "".join(parts)

    def _next_part(self, in_double: bool) -> str | None:
        plain = _PLAIN[self._escape].match(self._word, self._place)
        if plain:
            self._place = plain.end()
            return plain[0]
        sign = self._word[self._place]
        if sign == "$":
            return self._variable()
        if sign == "'" and not in_double:
            return self._single_quoted()
        self._place += 1
        return self._escaped(in_double) if sign == self._escape else sign

    def _single_quoted(self) -> str:
        found = _SINGLE.match(self._word, self._place)
        self._place = found.end() if found else len(self._word)
        return found[1] if found else ""

    def _escaped(self, in_double: bool) -> str:
        """Return what the character behind an escape stands for: in double quotes few lose the escape."""
        following = self._word[self._place : self._place + 1]
        self._place += 1
        if in_double and following not in ('"', "$", self._escape):
            return self._escape + following
        return following

    def _variable(self) -> str | None:
        if self._word.startswith("${", self._place):
            return self._braced()
        name = _NAME.match(self._word, self._place + 1)
        if name is None:
            self._place += 1
            return "$"
        self._place = name.end()
        return _known(self._look_up(name[0]))

    def _braced(self) -> str | None:
        end = _closing_brace(self._word, self._place + 2)
        inside = self._word[self._place + 2 : end]
        self._place = end + 1
        name = _NAME.match(inside)
        if name is None:
            return None
        value = self._look_up(name[0])
        rest = inside[name.end() :]
        if not rest:
            return _known(value)
        modifier = _MODIFIER.match(rest)
        return self._modified(value, modifier[0], rest[modifier.end() :]) if modifier else None

    def _modified(self, value: Value, modifier: str, word: str) -> str | None:
        """Apply `:-`, `:+` or `:?`; a variable that only the build sets counts as unset, as without `--build-arg`."""
        is_there = value is not UNSET and not (modifier[0] == ":" and value == "")
        match modifier[-1], is_there:
            case ("-", True) | ("?", _):
                return _known(value)
            case ("-", False) | ("+", True):
                return self._nested(word)
        return ""

    def _nested(self, word: str) -> str | None:
        if self._depth == MAX_DEPTH:
            return None
        return _Expansion(word, self._look_up, self._escape, self._depth + 1).run()


def _known(value: Value) -> str | None:
    return value if isinstance(value, str) else None


_BRACES = re.compile(r"\$\{|\}")


def _closing_brace(word: str, start: int) -> int:
    """Return where the brace that was opened before `start` closes, or the end of the word."""
    depth = 1
    for brace in _BRACES.finditer(word, start):
        depth += 1 if brace[0] == "${" else -1
        if depth == 0:
            return brace.start()
    return len(word)
