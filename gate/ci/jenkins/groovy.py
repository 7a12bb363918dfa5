"""Groovy as tokens: enough to find steps and their literals, in linear time, whatever else a file holds.

A slashy string is no token of its own, since `/` divides too; a quote inside of one ends at the line's end.
"""

import re
from bisect import bisect_right

import msgspec

from gate.core.errors import LimitError
from gate.core.lazy_regex import lazy_regex

MAX_TOKENS = 200_000
"""Tokens of a file at most; some ten thousand lines."""
_LONG = r"(?>'''(?:[^\\']|\\.|'(?!''))*+(?:'''|\Z)|\"\"\"(?:[^\\\"]|\\.|\"(?!\"\"))*+(?:\"\"\"|\Z))"
_SHORT = r"(?>'(?:[^'\\\n]|\\.)*+'?|\"(?:\$\{[^{}\n]*+\}|[^\"\\\n]|\\.)*+\"?)"
_TOKEN = lazy_regex(
    r"(?P<skipped>[ \t\r\f]++|//[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)|\\\n|\A\#![^\n]*+)"
    rf"|(?P<string>{_LONG}|{_SHORT})|(?P<name>[A-Za-z_]\w*+)|(?P<number>\d[\w.]*+)|(?P<line>\n)|(?P<sign>.)",
    re.DOTALL,
)
_ESCAPE = lazy_regex(r"\\([$\"'\\])")
_EXPRESSION = lazy_regex(r"(?<!\\)\$(?:\{(?P<braced>[^{}]{0,300})\}|(?P<bare>[A-Za-z_][\w.]*))")


class GroovyToken(msgspec.Struct, frozen=True, gc=False):
    """A token and the line on which it begins."""

    kind: str
    """`string`, `name`, `number`, `line` or `sign`."""
    text: str
    """As it stands in the file, a string with its quotes."""
    line: int

    @property
    def interpolates(self) -> bool:
        """True for a string in which Groovy replaces `${…}`."""
        return self.kind == "string" and self.text.startswith('"')

    @property
    def literal(self) -> str:
        """The text of a string, its escapes of quotes, dollars and backslashes resolved."""
        quote = self.text[:3] if self.text[:3] in ("'''", '"""') else self.text[:1]
        return _ESCAPE.sub(r"\1", self.text[len(quote) :].removesuffix(quote))

    def expressions(self) -> list[tuple[str, int]]:
        """Return what Groovy puts into a string, each expression with its line."""
        if not self.interpolates:
            return []
        return [
            ((found["braced"] or found["bare"]).strip(), self.line + self.text.count("\n", 0, found.start()))
            for found in _EXPRESSION.finditer(self.text)
        ]


def tokens_of(text: str, path: str) -> list[GroovyToken]:
    """Return the tokens of a text without blanks and comments. Raises LimitError for more than `MAX_TOKENS`."""
    ends = [found.start() for found in re.finditer("\n", text)]
    tokens: list[GroovyToken] = []
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or "sign"
        if kind != "skipped":
            tokens.append(GroovyToken(kind, found[0], bisect_right(ends, found.start() - 1) + 1))
        if len(tokens) > MAX_TOKENS:
            raise LimitError(f"has more than {MAX_TOKENS:,} tokens", path=path)
    return tokens


def closings(tokens: list[GroovyToken]) -> dict[int, int]:
    """Return for the place of each opening bracket that of its closing one; the end, where it is not closed."""
    ends: dict[int, int] = {}
    opened: list[int] = []
    for place, token in enumerate(tokens):
        if token.kind == "sign" and token.text in "([{":
            opened.append(place)
        elif token.kind == "sign" and token.text in ")]}" and opened:
            ends[opened.pop()] = place
    return {**dict.fromkeys(opened, len(tokens)), **ends}
