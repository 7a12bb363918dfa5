"""From a file's lines to instructions as one text each: directives, comments, continuations, heredoc bodies."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property

import msgspec

from gate.dockerfile.heredocs import Announced
from gate.dockerfile.syntax import Directive, Heredoc, Problem
from gate.dockerfile.text import STRIPPED, JoinedText

_DIRECTIVE = re.compile(r"#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(\S.*)")
_FOREIGN_DIRECTIVE = re.compile(r"//\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(\S.*)")
_JSON_SYNTAX = re.compile(r'\s*\{.{0,1000}?"syntax"\s{0,100}:\s{0,100}"([^"]{1,1000})"', re.IGNORECASE)
_ONE_PIECE = (0,)
_DIRECTIVES = frozenset({"syntax", "escape", "check"})


class LogicalLine(msgspec.Struct, frozen=True, gc=False):
    """One instruction's text and the comments above it."""

    text: JoinedText
    line: int
    comments: tuple[str, ...]
    description: str
    """The comment on the line above, if nothing stands between; empty: there is none."""


class LineReader:
    """Reads a file's lines once, from the first to the last."""

    def __init__(self, content: str) -> None:
        self._lines = content.split("\n")
        if not self._lines[-1]:
            self._lines.pop()
        self._next = 0
        self.escape = "\\"
        self.directives: list[Directive] = []
        self.problems: list[Problem] = []
        self.comments: list[str] = []
        self.empty_continuations: list[int] = []
        """Numbers of the empty lines inside instructions."""
        self._description = ""

    @property
    def last_read(self) -> int:
        """Number of the line that was read last."""
        return self._next

    def read_directives(self) -> None:
        """Read the parser directives: the file's first lines, up to one that is no directive or none that is known."""
        for number, line in self._first_lines():
            found = _DIRECTIVE.fullmatch(line.strip(STRIPPED))
            if found is None or found[1].lower() not in _DIRECTIVES:
                break
            self._take_directive(Directive(found[1].lower(), found[2], number))
        if not any(directive.name == "syntax" for directive in self.directives):
            self.directives += self._foreign_syntax()

    def _first_lines(self) -> Iterator[tuple[int, str]]:
        """Yield the lines with their numbers, without a `#!` in the first, as BuildKit reads directives."""
        numbered = enumerate(self._lines, start=1)
        return (one for one in numbered if one[0] > 1 or not one[1].startswith("#!"))

    def _foreign_syntax(self) -> list[Directive]:
        """Return the frontend that a file in another language names: `// syntax=…`, or `{"syntax": "…"}`."""
        for number, line in self._first_lines():
            if found := _FOREIGN_DIRECTIVE.fullmatch(line.strip(STRIPPED)):
                if found[1].lower() == "syntax":
                    return [Directive("syntax", found[2], number)]
            elif found := _JSON_SYNTAX.match(line):
                return [Directive("syntax", found[1], number)]
            else:
                break
        return []

    def _take_directive(self, directive: Directive) -> None:
        if any(earlier.name == directive.name for earlier in self.directives):
            self.problems.append(Problem(directive.line, f"the directive {directive.name} is given twice"))
            return
        self.directives.append(directive)
        if directive.name != "escape":
            return
        if directive.value in ("\\", "`"):
            self.escape = directive.value
        else:
            self.problems.append(Problem(directive.line, "the escape directive takes ` or \\, nothing else"))

    def next_instruction(self) -> LogicalLine | None:
        """Return the next instruction's text, or None at the end of the file."""
        lines, count, comments = self._lines, len(self._lines), []
        while self._next < count:
            raw = lines[self._next]
            self._next += 1
            line = raw if raw[:1].isalpha() else raw.lstrip(STRIPPED)
            if line.startswith("#"):
                comments.append(line[1:].strip(STRIPPED))
                self._description = comments[-1]
            elif line:
                self.comments += comments
                return self._complete(line, len(raw) - len(line) + 1, tuple(comments))
            else:
                self._description = ""
        self.comments += comments
        return None

    def _complete(self, line: str, column: int, comments: tuple[str, ...]) -> LogicalLine:
        """Join the line that was just read with those that continue it."""
        number, description = self._next, self._description
        self._description = ""
        if not line.rstrip("\r \t").endswith(self.escape):
            text = JoinedText(line.rstrip("\r"), _ONE_PIECE, ((number, column),))
            return LogicalLine(text, number, comments, description)
        return LogicalLine(self._join(line, column), number, comments, description)

    def _join(self, line: str, column: int) -> JoinedText:
        pieces: list[str] = []
        offsets: list[int] = []
        places: list[tuple[int, int]] = []
        length = 0
        following: str | None = line
        while following is not None:
            piece, continues = self._without_continuation(following)
            pieces.append(piece)
            offsets.append(length)
            places.append((self._next, column))
            length += len(piece)
            column = 1
            following = self._next_continuation() if continues else None
        return JoinedText("".join(pieces), tuple(offsets), tuple(places))

    def _without_continuation(self, line: str) -> tuple[str, bool]:
        """Cut the line end and, if there is one, the unescaped escape character that makes the line go on."""
        line = line.rstrip("\r")
        bare = line.rstrip(" \t")
        if bare.endswith(self.escape) and not bare.endswith(self.escape * 2):
            return bare[:-1], True
        return line, False

    def _next_continuation(self) -> str | None:
        """Return the next line that is neither a comment nor empty: those do not end an instruction."""
        while self._next < len(self._lines):
            line = self._lines[self._next]
            self._next += 1
            bare = line.lstrip(STRIPPED)
            if bare and not bare.startswith("#"):
                return line
            if not bare:
                self.empty_continuations.append(self._next)
        return None

    def read_heredoc(self, beginning: Announced) -> Heredoc | None:
        """Read a heredoc's body and its terminator; None, and nothing is read, if the file ends before it."""
        first = self._next
        places = self._places[beginning.strips_tabs].get(beginning.name, [])
        later = bisect_left(places, first)
        if later == len(places):
            return None
        self._next = places[later] + 1
        return Heredoc(
            beginning.name,
            beginning.descriptor,
            beginning.is_expanded,
            beginning.strips_tabs,
            self._body(first, places[later]),
        )

    @cached_property
    def _places(self) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
        """Where each line's text stands, as it is and without its tabs: a search per heredoc would be quadratic."""
        plain: dict[str, list[int]] = {}
        stripped: dict[str, list[int]] = {}
        for number, line in enumerate(self._lines):
            bare = line.rstrip("\r")
            plain.setdefault(bare, []).append(number)
            stripped.setdefault(bare.lstrip("\t"), []).append(number)
        return plain, stripped

    def _body(self, first: int, end: int) -> JoinedText:
        offsets, length = [0], 0
        for line in self._lines[first:end]:
            length += len(line) + 1
            offsets.append(length)
        content = "".join(f"{line}\n" for line in self._lines[first:end])
        return JoinedText(content, tuple(offsets), tuple((number, 1) for number in range(first + 1, end + 2)))
