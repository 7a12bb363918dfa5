"""Reads the words of a shell script: quotes, parameters, substitutions and here-documents."""

import re
from bisect import bisect_right
from collections.abc import Callable

from gate.core.errors import GateError
from gate.reachability.runtimes.shell.syntax import (
    Arithmetic,
    Item,
    Literal,
    Parameter,
    Part,
    Redirection,
    Substitution,
    Word,
)

_PLAIN = re.compile(r"[^\s;&|<>()$`'\"\\@!*?+}]+|[@!*?+}]")
_IN_ARGUMENT = re.compile(r"[^$`'\"\\}/]+|/")
_IN_DOUBLE = re.compile(r'[^"$`\\]+')
_IN_HEREDOC = re.compile(r"[^$`\\]+")
_BLANKS = re.compile(r"(?:[ \t\r\v\f]|\\\n)+")
_COMMENT = re.compile(r"#[^\n]*")
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_SPECIAL = re.compile(r"[A-Za-z_]\w*|\d+|[@*#?$!-]", re.ASCII)
_OPERATOR = re.compile(r":[-=+?]|[-=+?]|##?|%%?|/[/#%]?|\^\^?|,,?|:|@")
_ANSI = re.compile(r"\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|(.))", re.DOTALL)
_ANSI_NAMES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "v": "\v"}
_MAX_ARITHMETIC = 2_000
"""Characters of an arithmetic expression."""
_METACHARACTERS = frozenset(" \t\r\v\f\n;&|<>()")
_EXTENDED = frozenset("@!*?+")
_PATTERN_OPERATORS = frozenset({"/", "//", "/#", "/%"})


class ShellSyntaxError(GateError):
    """A script that cannot be read as one of a shell."""


class WordReader:
    """Reads words from a text, from a place that moves on. The lists inside of them are read by `read_list`."""

    def __init__(self, text: str, first_line: int = 1) -> None:
        self.text = text
        self.at = 0
        self._first_line = first_line
        self._ends = [found.start() for found in re.finditer("\n", text)]
        self._pending: list[tuple[Redirection, str, bool, bool]] = []
        """Here-documents whose text begins behind the next end of a line."""
        self.read_list: Callable[[WordReader], tuple[Item, ...]]
        self.read_all: Callable[[str, int], tuple[Item, ...]]

    @property
    def line(self) -> int:
        """The line of the place."""
        return self._first_line + bisect_right(self._ends, self.at - 1)

    @property
    def waits_for_line(self) -> bool:
        """True if here-documents begin behind the line."""
        return bool(self._pending)

    def is_at_line_end(self) -> bool:
        """True at the end of a line, or of the text."""
        self.skip_blanks()
        return self.at >= len(self.text) or self.text[self.at] == "\n"

    def error(self, what: str) -> ShellSyntaxError:
        """Return an error for the place."""
        return ShellSyntaxError(f"line {self.line}: {what}")

    def skip_blanks(self) -> None:
        """Go behind blanks, continued lines and a comment."""
        while True:
            if found := _BLANKS.match(self.text, self.at):
                self.at = found.end()
            elif self.text.startswith("#", self.at) and (self.at == 0 or self.text[self.at - 1] in _METACHARACTERS):
                self.at = _COMMENT.match(self.text, self.at).end()  # type: ignore[union-attr]
            else:
                return

    def skip_lines(self) -> None:
        """Go behind blanks and ends of lines; here-documents are read."""
        self.skip_blanks()
        while self.text.startswith("\n", self.at):
            self.end_line()
            self.skip_blanks()

    def end_line(self) -> None:
        """Go behind the end of a line, and behind the here-documents that begin there."""
        self.at += 1
        for redirection, name, is_literal, strips_tabs in self._pending:
            redirection.target = self._heredoc(name, is_literal, strips_tabs)
        self._pending.clear()

    def word(self) -> Word | None:
        """Return the next word, or None if none begins here."""
        self.skip_blanks()
        parts: list[Part] = []
        start = self.at
        while self.at < len(self.text):
            character = self.text[self.at]
            if self.text.startswith(("<(", ">("), self.at) and self.at == start:
                self.at += 2
                parts.append(Substitution(self._inside_parentheses(), is_file=True))
            elif character == "(" and self.at > start and self.text[self.at - 1] in _EXTENDED:
                parts.append(Literal(self._balanced()))
            elif character in _METACHARACTERS:
                break
            else:
                self._part(parts, _PLAIN)
        return tuple(parts) if self.at > start else None

    def heredoc_later(self, redirection: Redirection, name: Word) -> None:
        """Note a here-document up to `name`, whose text is read at the end of the line."""
        is_literal = any(isinstance(part, Literal) and part.is_quoted for part in name)
        text = "".join(part.text for part in name if isinstance(part, Literal))
        self._pending.append((redirection, text, is_literal, redirection.operator == "<<-"))

    def _part(self, parts: list[Part], plain: "re.Pattern[str]") -> None:
        """Read one part of a word that is not in double quotes."""
        character = self.text[self.at]
        if character == "'":
            end = self._find("'", self.at + 1)
            parts.append(Literal(self.text[self.at + 1 : end], is_quoted=True))
            self.at = end + 1
        elif character == "\\":
            if self.text[self.at + 1 : self.at + 2] != "\n":
                parts.append(Literal(self.text[self.at + 1 : self.at + 2], is_quoted=True))
            self.at += 2
        elif character == '"' or self.text.startswith('$"', self.at):
            self.at += 1 + (character == "$")
            parts.append(Literal("", is_quoted=True))
            self._double(parts)
        elif self.text.startswith("$'", self.at):
            parts.append(self._ansi())
        elif character in "$`":
            parts.append(self._expansion(is_quoted=False))
        else:
            found = plain.match(self.text, self.at)
            self.at = found.end() if found else self.at + 1
            parts.append(Literal(found[0] if found else character))

    def _find(self, sign: str, start: int) -> int:
        place = self.text.find(sign, start)
        if place < 0:
            raise self.error(f"{sign} is not closed")
        return place

    def _ansi(self) -> Literal:
        found = re.compile(r"\$'((?:[^'\\]|\\.)*+)'", re.DOTALL).match(self.text, self.at)
        if found is None:
            raise self.error("' is not closed")
        self.at = found.end()
        return Literal(_ANSI.sub(_ansi_character, found[1]), is_quoted=True)

    def _double(self, parts: list[Part], end: str = '"') -> None:
        """Read what is between double quotes, and go behind the closing one."""
        while not self.text.startswith(end, self.at):
            if self.at >= len(self.text):
                raise self.error('" is not closed')
            self._quoted_part(parts, _IN_DOUBLE, '$`"\\')
        self.at += 1

    def _quoted_part(self, parts: list[Part], plain: "re.Pattern[str]", escaped: str) -> None:
        character = self.text[self.at]
        following = self.text[self.at + 1 : self.at + 2]
        if character == "\\" and following == "\n":
            self.at += 2
        elif character == "\\" and following and following in escaped:
            parts.append(Literal(following, is_quoted=True))
            self.at += 2
        elif character in "$`":
            parts.append(self._expansion(is_quoted=True))
        else:
            found = plain.match(self.text, self.at)
            self.at = found.end() if found else self.at + 1
            parts.append(Literal(found[0] if found else character, is_quoted=True))

    def _expansion(self, *, is_quoted: bool) -> Part:
        """Read what begins with `$` or a backquote."""
        text = self.text
        if text[self.at] == "`":
            return self._backquotes(is_quoted)
        if text.startswith("$((", self.at) and (found := self._arithmetic()) is not None:
            return Arithmetic(found, is_quoted)
        if text.startswith("$(", self.at):
            self.at += 2
            return Substitution(self._inside_parentheses(), is_quoted)
        if text.startswith("${", self.at):
            self.at += 2
            return self._braces(is_quoted)
        found_name = re.compile(r"[A-Za-z_]\w*|[0-9@*#?$!-]", re.ASCII).match(text, self.at + 1)
        self.at += 1
        if found_name is None:
            return Literal("$", is_quoted)
        self.at = found_name.end()
        return Parameter(found_name[0], is_quoted=is_quoted)

    def _inside_parentheses(self) -> tuple[Item, ...]:
        pending, self._pending = self._pending, []
        body = self.read_list(self)
        self.skip_lines()
        if not self.text.startswith(")", self.at):
            raise self.error("( is not closed")
        self.at += 1
        self._pending = pending
        return body

    def _backquotes(self, is_quoted: bool) -> Substitution:
        found = re.compile(r"`((?:[^`\\]|\\.)*+)`", re.DOTALL).match(self.text, self.at)
        if found is None:
            raise self.error("` is not closed")
        line = self.line
        self.at = found.end()
        signs = '[$`\\\\"]' if is_quoted else "[$`\\\\]"
        return Substitution(self.read_all(re.sub(rf"\\({signs})", r"\1", found[1]), line), is_quoted)

    def _arithmetic(self) -> str | None:
        """Return what is between `$((` and `))`, or None if it is a command in a subshell."""
        start, depth = self.at + 3, 2
        place = start
        end = min(len(self.text), start + _MAX_ARITHMETIC)
        while depth and place < end:
            depth += {"(": 1, ")": -1}.get(self.text[place], 0)
            place += 1
        if depth or self.text[place - 2 : place] != "))":
            return None
        self.at = place
        return self.text[start : place - 2]

    def _balanced(self) -> str:
        """Return the parentheses that begin here with all that is in them."""
        start, depth = self.at, 0
        end = min(len(self.text), start + _MAX_ARITHMETIC)
        while self.at < end:
            depth += {"(": 1, ")": -1}.get(self.text[self.at], 0)
            self.at += 1
            if not depth:
                return self.text[start : self.at]
        raise self.error("( is not closed")

    def _braces(self, is_quoted: bool) -> Parameter:
        """Read `${…}` from behind its brace."""
        length = re.compile(r"#(\w+|[@*])(\[[@*]\])?\}", re.ASCII).match(self.text, self.at)
        if length is not None:
            self.at = length.end()
            return Parameter(length[1], "length", subscript=(length[2] or "")[1:-1], is_quoted=is_quoted)
        is_indirect = re.compile(r"![A-Za-z_0-9]").match(self.text, self.at) is not None
        self.at += is_indirect
        name = _SPECIAL.match(self.text, self.at)
        if name is None:
            raise self.error("${ has no name")
        self.at = name.end()
        subscript = self._subscript()
        found = _OPERATOR.match(self.text, self.at)
        operator = found[0] if found else ""
        self.at += len(operator)
        stops_at_slash = operator in _PATTERN_OPERATORS
        argument = self._argument(is_quoted and operator.lstrip(":") in ("-", "=", "+", "?"), stops_at_slash)
        replacement: Word = ()
        if stops_at_slash and self.text.startswith("/", self.at):
            self.at += 1
            replacement = self._argument(False, False)
        if not self.text.startswith("}", self.at):
            raise self.error("${ is not closed")
        self.at += 1
        if is_indirect:
            is_plain = not operator and not subscript
            return Parameter(name[0], "indirect" if is_plain else f"indirect{operator}", argument, is_quoted=is_quoted)
        return Parameter(name[0], operator, argument, replacement, subscript, is_quoted)

    def _subscript(self) -> str:
        found = re.compile(r"\[([^\]\n]*)\]").match(self.text, self.at)
        if found is None:
            return ""
        self.at = found.end()
        return found[1]

    def _argument(self, is_in_double: bool, stops_at_slash: bool) -> Word:
        """Read the word behind the operator of `${…}`; inside double quotes, a single quote stands for itself."""
        parts: list[Part] = []
        start = self.at
        while self.at < len(self.text) and self.text[self.at] != "}":
            if stops_at_slash and self.text[self.at] == "/" and self.at > start:
                break
            if is_in_double and self.text[self.at] == '"':
                self.at += 1
                self._double(parts)
            elif is_in_double:
                self._quoted_part(parts, re.compile(r'[^"$`\\}]+'), '$`"\\}')
            else:
                self._part(parts, _IN_ARGUMENT)
        return tuple(parts)

    def _heredoc(self, name: str, is_literal: bool, strips_tabs: bool) -> Word:
        """Read the text of a here-document, and go behind the line that ends it."""
        tabs = "\t*" if strips_tabs else ""
        ending = re.compile(rf"^{tabs}{re.escape(name)}$", re.MULTILINE)
        found = ending.search(self.text, self.at)
        end = found.start() if found else len(self.text)
        body = self.text[self.at : end]
        if strips_tabs:
            body = re.sub(r"(?m)^\t+", "", body)
        line = self.line
        self.at = min(found.end() if found else end, len(self.text))
        self.at += self.text.startswith("\n", self.at)
        if is_literal:
            return (Literal(body, is_quoted=True),)
        inner = type(self)(body, line)
        inner.read_list, inner.read_all = self.read_list, self.read_all
        return inner.all_quoted()

    def all_quoted(self) -> Word:
        """Return the whole text as in a here-document, where quotes stand for themselves."""
        parts: list[Part] = []
        while self.at < len(self.text):
            self._quoted_part(parts, _IN_HEREDOC, "$`\\")
        return tuple(parts)


def name_at(text: str, place: int) -> "re.Match[str] | None":
    """Return the variable's name that begins at a place."""
    return _NAME.match(text, place)


def _ansi_character(found: "re.Match[str]") -> str:
    if found[1] or found[2]:
        return chr(int(found[1], 16) if found[1] else int(found[2], 8) & 255)
    return _ANSI_NAMES.get(found[3], found[3])
