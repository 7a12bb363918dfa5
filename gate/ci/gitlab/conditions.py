"""Expressions of `rules:if` (GitLab, "CI/CD variable expressions"), as far as the variables of a pipeline are known.

The answer is True, False or None: it depends on what the repository does not say. Patterns come from the file, so only
those are tried that cannot take long.
"""

import re
from collections.abc import Mapping

from gate.core.lazy_regex import lazy_regex

UNKNOWN = object()
"""The value of a variable that may be anything."""
Known = Mapping[str, object]
"""Variables: a text, None (not set) or UNKNOWN."""
MAX_EXPRESSION = 4_000
"""Characters; longer ones are not known."""
MAX_NESTING = 30
_MAX_PATTERN = 300
_MAX_REPEATS = 6
_TOKEN = lazy_regex(
    r"\s*(?:(?P<variable>\$\{?\w+\}?)|(?P<text>\"[^\"]*\"|'[^']*')|(?P<null>null\b)|(?P<pattern>/(?:[^/\\\n]|\\.)+/[a-z]*)"
    r"|(?P<operator>==|!=|=~|!~|&&|\|\||\(|\)|!))"
)
_REPEATED_GROUP = lazy_regex(r"\)[*+{]")
_REPEAT = lazy_regex(r"[*+{]")
_Token = tuple[str, str]


class _NotAnExpressionError(ValueError):
    """GitLab would refuse it, or it is one that is not read here."""


def holds(expression: str, known: Known) -> bool | None:
    """Return whether an expression is true with these variables; None if that is not known."""
    if len(expression) > MAX_EXPRESSION:
        return None
    try:
        return _Reader(_tokens(expression), known).whole()
    except _NotAnExpressionError:
        return None


def _tokens(expression: str) -> list[_Token]:
    tokens: list[_Token] = []
    place = 0
    text = expression.strip()
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None or found.lastgroup is None:
            raise _NotAnExpressionError(text[place : place + 20])
        tokens.append((found.lastgroup, found[found.lastgroup]))
        place = found.end()
    return tokens


class _Reader:
    """Reads tokens from left to right; `&&` binds closer than `||`."""

    def __init__(self, tokens: list[_Token], known: Known) -> None:
        self._tokens = tokens
        self._known = known
        self._next = 0
        self._depth = 0

    def whole(self) -> bool | None:
        value = self._any()
        if self._next < len(self._tokens):
            raise _NotAnExpressionError
        return value

    def _take(self, *operators: str) -> str:
        kind, text = self._tokens[self._next] if self._next < len(self._tokens) else ("", "")
        if kind != "operator" or text not in operators:
            return ""
        self._next += 1
        return text

    def _any(self) -> bool | None:
        value = self._all()
        while self._take("||"):
            value = _either(value, self._all())
        return value

    def _all(self) -> bool | None:
        value = self._one()
        while self._take("&&"):
            other = self._one()
            value = _negated(_either(_negated(value), _negated(other)))
        return value

    def _one(self) -> bool | None:
        if self._take("!"):
            return _negated(self._one())
        if self._take("("):
            self._depth += 1
            if self._depth > MAX_NESTING:
                raise _NotAnExpressionError
            value = self._any()
            if not self._take(")"):
                raise _NotAnExpressionError
            self._depth -= 1
            return value
        left = self._operand()
        operator = self._take("==", "!=", "=~", "!~")
        if not operator:
            return None if left is UNKNOWN else bool(left)
        result = _compared(left, self._operand(), is_pattern=operator.endswith("~"))
        return _negated(result) if operator.startswith("!") else result

    def _operand(self) -> object:
        kind, text = self._tokens[self._next] if self._next < len(self._tokens) else ("", "")
        self._next += 1
        if kind == "variable":
            return self._known.get(text.strip("${}"), UNKNOWN)
        if kind == "text":
            return text[1:-1]
        if kind == "pattern":
            return _pattern(text)
        if kind == "null":
            return None
        raise _NotAnExpressionError


def _either(one: bool | None, other: bool | None) -> bool | None:
    if one or other:
        return True
    return None if one is None or other is None else False


def _negated(value: bool | None) -> bool | None:
    return None if value is None else not value


def _compared(left: object, right: object, is_pattern: bool) -> bool | None:
    if left is UNKNOWN or right is UNKNOWN:
        return None
    if not is_pattern:
        return left == right
    pattern = right if isinstance(right, re.Pattern) else _pattern(str(right or ""))
    if not isinstance(pattern, re.Pattern):
        return None
    return bool(pattern.search(str(left))) if left is not None else False


def _pattern(text: str) -> object:
    """Return a compiled pattern of `/…/flags`; UNKNOWN if it is none, or one that could take long."""
    written, _, flags = text[1:].rpartition("/")
    if not text.startswith("/") or len(written) > _MAX_PATTERN or _REPEATED_GROUP.search(written):
        return UNKNOWN
    if len(_REPEAT.findall(written)) > _MAX_REPEATS:
        return UNKNOWN
    try:
        return re.compile(written.replace(r"\/", "/"), re.IGNORECASE if "i" in flags else 0)
    except re.error:
        return UNKNOWN


def matches_pattern(text: str, name: str) -> bool | None:
    """Return whether `/…/` of `only` matches a ref's name; None if the pattern is not known."""
    return _compared(name, _pattern(text), is_pattern=True)
