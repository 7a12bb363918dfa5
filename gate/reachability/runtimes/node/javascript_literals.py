"""Settings that are written as JavaScript: the object that a file exports, as far as it is made of literals.

What is no literal is `UNKNOWN`; nothing is executed.
"""

import posixpath
import re
from typing import cast

from gate.reachability.runtimes.walk.graph import UNKNOWN

Literal = str | list["Literal"] | dict[str, "Literal"]
"""Numbers, `true` and `null` are the text that stands there."""
SPREAD = "..."
"""Key of an object, and element of a list, into which others are put."""
_EXPORTED = re.compile(r"\b(?:module\.exports|exports\.default)\s*=\s*|\bexport\s+default\s+")
_BLANK = re.compile(r"(?:\s+|//[^\n]*|/\*[\s\S]*?\*/)*")
_KEY = re.compile(r"""(?P<name>[\w$]+)|"(?P<double>(?:\\.|[^"\\])*)"|'(?P<single>(?:\\.|[^'\\])*)'""")
_TEXT = re.compile(r"""(?P<quote>["'`])(?P<text>(?:\\.|(?!(?P=quote))[^\\])*)(?P=quote)""", re.DOTALL)
_PLAIN = re.compile(r"[\w.$-]+")
_FOLDER = re.compile(
    r"""(?:(?:[\w$.]+\.)?(?:join|resolve)\s*\(\s*)?__dirname\s*(?:[,+]\s*["'`](?P<path>[^"'`$]*)["'`]\s*)?\)?"""
)
_VARIABLE = re.compile(r"process\.env(?:\.\w+|\[[\"']\w+[\"']\])\s*(?:\|\||\?\?)\s*")
"""A variable of the environment with a default."""
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_MAX_DEPTH = 20


def exported(text: str, folder: str) -> Literal | None:
    """Return what a file in a folder exports; None if it exports nothing."""
    found = _EXPORTED.search(text)
    return _Reader(text, folder).value(found.end(), 0)[0] if found else None


class _Reader:
    """Reads values of a text; each method returns what it read, and the place behind it."""

    def __init__(self, text: str, folder: str) -> None:
        self._text = text
        self._folder = folder

    def value(self, place: int, depth: int) -> tuple[Literal, int]:
        start = self._behind(place)
        read, end = self._literal(start, depth)
        end = self._behind(end)
        if self._text[end : end + 1] in (",", "}", "]", ")", ";", ""):
            return read, end
        is_statement = depth == 0 and isinstance(read, dict | list)
        return (read, end) if is_statement else (UNKNOWN, self._skipped(end))

    def _literal(self, place: int, depth: int) -> tuple[Literal, int]:
        if default := _VARIABLE.match(self._text, place):
            place = default.end()
        sign = self._text[place : place + 1]
        if depth > _MAX_DEPTH:
            return UNKNOWN, self._skipped(place)
        if sign == "{":
            return self._object(place + 1, depth)
        if sign == "[":
            return self._list(place + 1, depth)
        if found := _TEXT.match(self._text, place):
            return _plain_text(found), found.end()
        if found := _FOLDER.match(self._text, place):
            return posixpath.normpath(posixpath.join(self._folder, (found["path"] or "").lstrip("/"))), found.end()
        if found := _PLAIN.match(self._text, place):
            word = found[0]
            return (word if word[0].isdigit() or word in ("true", "false", "null") else UNKNOWN), found.end()
        return UNKNOWN, self._skipped(place)

    def _object(self, place: int, depth: int) -> tuple[Literal, int]:
        read: dict[str, Literal] = {}
        while (place := self._next(place, "}")) >= 0:
            found = _KEY.match(self._text, place)
            colon = self._behind(found.end()) if found else place
            if found is None or self._text[colon : colon + 1] != ":":
                read[SPREAD] = UNKNOWN
                place = self._skipped(place)
                continue
            name = found["name"] or found["double"] or found["single"] or ""
            read[name], place = self.value(colon + 1, depth + 1)
        return read, self._close(~place)

    def _list(self, place: int, depth: int) -> tuple[Literal, int]:
        read: list[Literal] = []
        while (place := self._next(place, "]")) >= 0:
            one, place = self.value(place, depth + 1)
            read.append(one)
        return cast(Literal, read), self._close(~place)

    def _next(self, place: int, closing: str) -> int:
        """Return the place of the next element; `~place` at the end of the object or list."""
        place = self._behind(place)
        while self._text[place : place + 1] in (",", ";"):
            place = self._behind(place + 1)
        is_end = self._text[place : place + 1] in (closing, *"})]", "")
        return ~place if is_end else place

    def _close(self, place: int) -> int:
        return min(place + 1, len(self._text))

    def _behind(self, place: int) -> int:
        found = _BLANK.match(self._text, place)
        return found.end() if found else place

    def _skipped(self, place: int) -> int:
        """Return the place of the sign that ends an expression: a comma, or the bracket around it."""
        open_brackets: list[str] = []
        while place < len(self._text):
            sign = self._text[place]
            if found := _TEXT.match(self._text, place):
                place = found.end()
                continue
            if sign in _PAIRS:
                open_brackets.append(_PAIRS[sign])
            elif not open_brackets and sign in ",)]}":
                return place
            elif open_brackets and sign == open_brackets[-1]:
                open_brackets.pop()
            place += 1
        return place


def _plain_text(found: "re.Match[str]") -> str:
    text = found["text"]
    return UNKNOWN if found["quote"] == "`" and "${" in text else _ESCAPE.sub(r"\1", text)
