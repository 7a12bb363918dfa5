"""GitHub's expressions: what stands in `${{ }}` and `if`, as a tree.

Source: GitHub's documentation, "Evaluate expressions in workflows and actions". What does not parse is `None`.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TypeAlias

import msgspec

from gate.core.lazy_regex import lazy_regex

MAX_LENGTH = 8192
"""Characters of an expression; GitHub allows 21,000 for a whole condition."""
MAX_DEPTH = 40
_IN_TEXT = lazy_regex(r"\$\{\{(?P<inner>(?:[^{}']|'[^']*'|\}(?!\}))*)\}\}")
_TOKEN = lazy_regex(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?(?:0x[0-9a-fA-F]+|\d+(?:\.\d+)?))"
    r"|(?P<name>[A-Za-z_][\w-]*)|(?P<sign>&&|\|\||==|!=|<=|>=|[!<>()\[\].,*]))"
)
_BINARY: Mapping[str, int] = {"||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4}


class ExpressionLiteral(msgspec.Struct, frozen=True):
    """A text, a number, true, false or null, as text."""

    value: str


class ExpressionReference(msgspec.Struct, frozen=True):
    """A value of a context, dotted and in lower case: `github.event.pull_request.title`."""

    path: str


class ExpressionCall(msgspec.Struct, frozen=True):
    """A function, or an operator, with its operands."""

    name: str
    operands: "tuple[Expression, ...]"


Expression: TypeAlias = ExpressionLiteral | ExpressionReference | ExpressionCall


class _Refused(Exception):  # noqa: N818  (does not leave this module)
    """It is no expression."""


_WITH_VALUES = frozenset({"||", "format", "join", "tojson", "fromjson", "member", "replace"})


def inner_texts(text: str) -> Iterator[tuple[int, str]]:
    """Yield what stands in each `${{ }}` of a text, with its offset."""
    if "${{" in text:
        for found in _IN_TEXT.finditer(text):
            yield found.start(), found["inner"].strip()


@lru_cache(maxsize=4096)
def parse_expression(text: str) -> Expression | None:
    """Return the tree of an expression; None if it does not parse."""
    if len(text) > MAX_LENGTH:
        return None
    try:
        return _Parser(text).whole()
    except (_Refused, RecursionError):
        return None


@lru_cache(maxsize=4096)
def parse_condition(text: str) -> Expression | None:
    """Return the tree of an `if`, with or without `${{ }}`; text around one makes it always true."""
    stripped = text.strip()
    found = _IN_TEXT.fullmatch(stripped)
    if found is None and "${{" in stripped:
        return _joined(stripped)
    return parse_expression(found["inner"] if found else stripped)


def _joined(text: str) -> Expression | None:
    """Return a condition of several `${{ }}` with operators between them as one; GitHub's are often written so."""
    return parse_expression(_IN_TEXT.sub(lambda found: f"({found['inner']})", text))


class _Parser:
    """A parser by precedence."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._place = 0
        self._depth = 0

    def whole(self) -> Expression:
        made = self._binary(1)
        if self._place != len(self._tokens):
            raise _Refused
        return made

    def _peek(self) -> str:
        return self._tokens[self._place] if self._place < len(self._tokens) else ""

    def _take(self, wanted: str = "") -> str:
        token = self._peek()
        if not token or (wanted and token != wanted):
            raise _Refused
        self._place += 1
        return token

    def _binary(self, least: int) -> Expression:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _Refused
        left = self._unary()
        while (level := _BINARY.get(self._peek(), 0)) >= least:
            sign = self._take()
            left = ExpressionCall(sign, (left, self._binary(level + 1)))
        self._depth -= 1
        return left

    def _unary(self) -> Expression:
        token = self._take()
        if token == "!":  # noqa: S105
            return ExpressionCall("!", (self._unary(),))
        if token == "(":  # noqa: S105
            made = self._binary(1)
            self._take(")")
            return self._members(made)
        return self._primary(token)

    def _primary(self, token: str) -> Expression:
        if token[0] == "'":
            return ExpressionLiteral(token[1:-1].replace("''", "'"))
        if token[0].isdigit() or token[0] == "-":
            return ExpressionLiteral(token)
        if not (token[0].isalpha() or token[0] == "_"):
            raise _Refused
        if token.lower() in ("true", "false", "null"):
            return ExpressionLiteral("" if token.lower() == "null" else token.lower())
        if self._peek() == "(":
            return self._members(self._call(token.lower()))
        return self._members(ExpressionReference(token.lower()))

    def _call(self, name: str) -> Expression:
        self._take("(")
        operands: list[Expression] = []
        while self._peek() != ")":
            operands.append(self._binary(1))
            if self._peek() != ")":
                self._take(",")
        self._take(")")
        return ExpressionCall(name, tuple(operands))

    def _members(self, made: Expression) -> Expression:
        """Read what follows a value: `.name`, `['name']`, `[0]`, `.*`."""
        while self._peek() in (".", "["):
            if self._take() == ".":
                name = self._take().lower()
            else:
                index = self._binary(1)
                self._take("]")
                name = index.value.lower() if isinstance(index, ExpressionLiteral) else "*"
            if isinstance(made, ExpressionReference):
                made = ExpressionReference(f"{made.path}.{name}")
            else:
                made = ExpressionCall("member", (made,))
        return made


def _tokens(text: str) -> Iterator[str]:
    place = 0
    stripped = text.rstrip()
    while place < len(stripped):
        found = _TOKEN.match(stripped, place)
        if found is None or found.end() == place:
            raise _Refused
        yield found[0].strip()
        place = found.end()


def values_of(expression: Expression | None) -> Iterator[Expression]:
    """Yield the references and calls whose value an expression can have, or hold; comparisons are true or false."""
    waiting = [expression]
    while waiting:
        one = waiting.pop()
        if isinstance(one, ExpressionReference):
            yield one
        elif isinstance(one, ExpressionCall):
            if one.name == "&&":
                waiting.append(one.operands[-1])
            elif one.name in _WITH_VALUES:
                waiting += one.operands
            yield one
