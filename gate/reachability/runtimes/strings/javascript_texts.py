"""The strings of a JavaScript source, without what stands in comments, regular expressions and code in templates.

Whether a slash begins a regular expression depends on what stands before it, which is guessed as highlighters do. So
the answer only counts for a source that is read in whole: each bracket, string and template has its end. After a wrong
guess a quote or bracket of the expression has none, but for rare accidents.
"""

import re
from collections.abc import Iterator

import msgspec

_SPECIAL = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<string>"(?:\\.|[^"\\\n])*+"|'(?:\\.|[^'\\\n])*+')"""
    r"""|(?P<sign>[`(){}\[\]/"'])""",
    re.DOTALL,
)
_EXPRESSION = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\n])*+\]|[^/\\\[\n])++/[A-Za-z]*")
_OF_TEMPLATE = re.compile(r"(?:\\.|\$(?!\{)|[^`\\$])*+", re.DOTALL)
_WORD = re.compile(r"[\w$]+\Z")
_BEFORE_VALUE = frozenset(
    {
        *("await", "case", "delete", "do", "else", "in", "instanceof", "new", "of", "return", "throw", "typeof"),
        *("void", "yield"),
    }
)
"""Words behind which a value begins, and no operator."""
_WITH_CONDITION = frozenset({"if", "while", "for", "with"})
_PAIRS = {")": "(", "]": "[", "}": "{"}
_FILLED_IN = "${"
_SHORT = re.compile(r"[\w.$\[\]?!]{0,60}")


class StatedText(msgspec.Struct, frozen=True):
    """A string of a source."""

    start: int
    """Where it begins, with its quote."""
    end: int
    """Where it ends, behind its quote."""
    value: str
    """As it is written, without quotes; what a template fills in is `${name}`, or `${_}` if it is longer."""


class _Open(msgspec.Struct):
    """A bracket or template that has no end so far."""

    sign: str
    start: int
    is_value: bool = False
    """True for a bracket behind which an operator follows."""
    parts: list[str] = msgspec.field(default_factory=list)
    """What a template says so far."""


def texts_of(source: str) -> list[StatedText] | None:
    """Return the strings of a source in the order of their ends; None if it is not read in whole."""
    reader = _Reader(source)
    found = list(reader.read())
    return found if reader.is_whole else None


class _Reader:
    """Goes through a source from sign to sign."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._open: list[_Open] = []
        self._place = 0
        self._from = 0
        """Where what stands before the next sign begins."""
        self._is_value = False
        """True if a value stands right before that place."""
        self.is_whole = True

    def read(self) -> Iterator[StatedText]:
        while found := _SPECIAL.search(self._source, self._place):
            self._place = found.end()
            if found["comment"] is not None:
                self._is_value = self._ends_value(found.start())
            elif found["string"] is not None:
                self._is_value = True
                yield StatedText(start=found.start(), end=found.end(), value=found["string"][1:-1])
            else:
                yield from self._sign(found["sign"], found.start())
            self._from = self._place
        self.is_whole = self.is_whole and not self._open

    def _sign(self, sign: str, start: int) -> Iterator[StatedText]:
        if sign == "/":
            self._slash(start)
        elif sign == "`":
            self._open.append(_Open("`", start))
            yield from self._template()
        elif sign in "([{":
            self._open.append(_Open(sign, start, is_value=self._opens_value(sign, start)))
            self._is_value = False
        elif sign in _PAIRS:
            yield from self._close(sign)
        else:  # a quote without its end
            self.is_whole = False

    def _slash(self, start: int) -> None:
        found = None if self._ends_value(start) else _EXPRESSION.match(self._source, start)
        self._is_value = found is not None
        if found is not None:
            self._place = found.end()

    def _close(self, sign: str) -> Iterator[StatedText]:
        last = self._open.pop() if self._open else None
        if last is not None and last.sign == _FILLED_IN and sign == "}":
            code = self._source[last.start : self._place - 1]
            self._open[-1].parts.append(f"${{{code if _SHORT.fullmatch(code) else '_'}}}")
            yield from self._template()
        elif last is None or last.sign != _PAIRS[sign]:
            self.is_whole = False
        else:
            self._is_value = last.is_value

    def _template(self) -> Iterator[StatedText]:
        """Go on in a template, to its end or to what it fills in."""
        template = self._open[-1]
        found = _OF_TEMPLATE.match(self._source, self._place)
        end = found.end() if found is not None else self._place
        template.parts.append(self._source[self._place : end])
        if self._source.startswith("`", end):
            self._open.pop()
            self._place = end + 1
            self._is_value = True
            yield StatedText(start=template.start, end=self._place, value="".join(template.parts))
        elif self._source.startswith(_FILLED_IN, end):
            self._place = end + len(_FILLED_IN)
            self._open.append(_Open(_FILLED_IN, self._place))
            self._is_value = False
        else:
            self.is_whole = False
            self._place = len(self._source)

    def _opens_value(self, sign: str, start: int) -> bool:
        """True for a bracket that holds a value, or a call's arguments; false for a condition's, and for a block."""
        before = self._source[self._from : start].rstrip()
        if sign == "(":
            word = _WORD.search(before)
            return word is None or word[0] not in _WITH_CONDITION
        if sign == "[":
            return True
        return not (self._is_block(before))

    def _is_block(self, before: str) -> bool:
        """True for a brace behind a function's or statement's head, or where a statement begins."""
        if not before:
            return self._is_value or not self._open or self._open[-1].sign == "{"
        word = _WORD.search(before)
        return before.endswith((";", "=>")) or (word is not None and word[0] not in _BEFORE_VALUE - {"do", "else"})

    def _ends_value(self, start: int) -> bool:
        """True if what stands before a place is the end of a value: a slash there divides."""
        before = self._source[self._from : start].rstrip()
        if not before:
            return self._is_value
        word = _WORD.search(before)
        return before.endswith(("++", "--")) if word is None else word[0] not in _BEFORE_VALUE
