"""Splits a shell script into simple commands: enough of POSIX sh and bash for rules, in one linear pass.

Nothing is expanded: `$X` stays as it is written, and a substitution's place in a word is `$(…)` while the
commands inside it stand for themselves. What no shell would accept is read as far as it makes sense.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import ClassVar

import msgspec

from gate.dockerfile.text import JoinedText

SUBSTITUTED = "$(…)"
"""What stands in a word for a command substitution or process substitution."""


class ShellWord(msgspec.Struct, frozen=True):
    """A word without its quotes and escapes; `start` and `end` count in the script's text, quotes included."""

    text: str
    start: int
    end: int


class Redirect(msgspec.Struct, frozen=True):
    """`> file` and its like."""

    operator: str
    target: ShellWord


class CommandPlace(msgspec.Struct, frozen=True, eq=False):
    """Where a command stands in the flow of its script."""

    pipeline: int
    """Number of the pipeline, within the script."""
    place: int
    """0 for the first command of a pipeline."""
    inside: "CommandPlace | None"
    """The command that this one is a part of: its group, its subshell, or the command whose word it makes."""
    is_substituted: bool
    """True if its output becomes a word, or an argument's file, of `inside`."""


class SimpleCommand(msgspec.Struct, frozen=True):
    """A command with its arguments."""

    words: tuple[ShellWord, ...]
    """The program's name first; redirections and leading assignments are not among them."""
    assignments: tuple[ShellWord, ...]
    redirects: tuple[Redirect, ...]
    spot: CommandPlace
    text: JoinedText
    """The script that the offsets count in."""


_OPENING = frozenset({"{", "if", "while", "until", "for", "select", "case"})
_CLOSING = frozenset({"}", "fi", "done", "esac"})
_PASSED_OVER = frozenset({"then", "else", "elif", "do", "!", "time", "function"})
_HEADERS = frozenset({"for", "select", "case"})
"""What is written between these words and `do` or `in` is no command."""
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=", re.ASCII)

_PLAIN = re.compile(
    r"""
      (?P<plain>[^\s&|;<>()$`'"\\\#]++)
    | (?P<blank>[ \t\r\v\f]++)
    | (?P<newline>\n)
    | (?P<joined>\\\n)
    | (?P<escaped>\\.?)
    | (?P<arithmetic>\$\(\((?:[^()]|\([^()]*+\))*+\)\))
    | (?P<substitution>\$\(|[<>]\()
    | (?P<single>\$?'[^']*+'?)
    | (?P<double>\$?")
    | (?P<tick>`)
    | (?P<variable>\$\{[^}"'`$\\]*+\}|\$)
    | (?P<redirect>&>>?|<<<|<<-?|<>|<&|>>|>\||>&|<|>)
    | (?P<operator>&&|\|\||\|&|;;&|;;|;&|;|&|\|)
    | (?P<open>\()
    | (?P<close>\))
    | (?P<comment>\#)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_IN_DOUBLE = re.compile(
    r"""
      (?P<plain>[^"$`\\]++)
    | (?P<joined>\\\n)
    | (?P<escaped>\\["$`\\])
    | (?P<end>")
    | (?P<substitution>\$\((?!\())
    | (?P<tick>`)
    | (?P<variable>\$\{[^}"'`$\\]*+\})
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_LINE_END = re.compile(r"[^\n]*")
_TICK_OR_LINE_END = re.compile(r"[^\n`]*")


class _Frame:
    """A script inside the script: the outermost one, a group, a subshell or a substitution."""

    def __init__(self, kind: str, pipeline: int, inside: CommandPlace | None, is_substituted: bool) -> None:
        self.kind = kind
        self.pipeline = pipeline
        self.place = 0
        self.inside = inside
        self.is_substituted = is_substituted
        self.words: list[ShellWord] = []
        self.assignments: list[ShellWord] = []
        self.redirects: list[Redirect] = []
        self.redirect: str | None = None
        self.parts: list[str] | None = None
        """The word that is being read; None between words."""
        self.word_start = 0
        self.is_plain = True
        """False if a part of the word is quoted: then it is no reserved word."""
        self.is_in_double = False
        self.names_function = False
        """True behind `function`: the next word is the function's name."""
        self.is_in_header = False
        """True between `for` or `case` and its `do` or `in`, and in the patterns of a `case`."""

    @property
    def spot(self) -> CommandPlace:
        return CommandPlace(self.pipeline, self.place, self.inside, self.is_substituted)

    @property
    def waits_for_reader(self) -> bool:
        """True behind a `|` with nothing after it: the pipeline goes on on the next line."""
        return self.place > 0 and not (self.words or self.assignments or self.redirects)


def parse_script(text: JoinedText, start: int = 0, end: int | None = None) -> tuple[SimpleCommand, ...]:
    """Return the simple commands of `text` between `start` and `end`, in the order in which they end."""
    return _Scanner(text, start, len(text.content) if end is None else end).run()


class _Scanner:
    """One pass over one script, with a stack of frames instead of recursion."""

    def __init__(self, text: JoinedText, start: int, end: int) -> None:
        self._text = text
        self._content = text.content
        self._next = start
        self._end = end
        self._pipelines = 0
        self._frames = [_Frame("script", 0, None, False)]
        self._commands: list[SimpleCommand] = []
        self._heredocs: list[tuple[str, bool]] = []

    @property
    def _top(self) -> _Frame:
        return self._frames[-1]

    def run(self) -> tuple[SimpleCommand, ...]:
        frames, content, end = self._frames, self._content, self._end
        handlers = self._handlers
        while self._next < end:
            lexer = _IN_DOUBLE if frames[-1].is_in_double else _PLAIN
            found = lexer.match(content, self._next, end)
            if found is None or found.lastgroup is None:
                break
            self._next = found.end()
            handlers[found.lastgroup](self, found)
        self._end_word(self._end)
        while len(self._frames) > 1:
            self._pop(self._end)
            self._end_word(self._end)
        self._end_command(self._end)
        return tuple(self._commands)

    # What a token does

    def _on_text(self, found: "re.Match[str]") -> None:
        self._append(found[0], found.start())

    def _on_escaped(self, found: "re.Match[str]") -> None:
        self._append(found[0][1:], found.start(), is_plain=False)

    def _on_single(self, found: "re.Match[str]") -> None:
        self._append(found[0].removeprefix("$").strip("'"), found.start(), is_plain=False)

    def _on_double(self, found: "re.Match[str]") -> None:
        self._append("", found.start(), is_plain=False)
        self._top.is_in_double = True

    def _on_end_of_double(self, found: "re.Match[str]") -> None:
        self._top.is_in_double = False

    def _on_blank(self, found: "re.Match[str]") -> None:
        if self._frames[-1].parts is not None:
            self._end_word(found.start())

    def _on_joined(self, found: "re.Match[str]") -> None:
        """A line that goes on: nothing is there."""

    def _on_newline(self, found: "re.Match[str]") -> None:
        self._end_word(found.start())
        if not self._top.waits_for_reader:
            self._end_pipeline(found.start())
        for name, strips_tabs in self._heredocs:
            self._skip_heredoc(name, strips_tabs)
        self._heredocs.clear()

    def _on_comment(self, found: "re.Match[str]") -> None:
        if self._top.parts is not None:
            self._append("#", found.start())
            return
        is_in_ticks = any(frame.kind == "ticks" for frame in self._frames[-2:])
        line = (_TICK_OR_LINE_END if is_in_ticks else _LINE_END).match(self._content, self._next, self._end)
        self._next = line.end() if line else self._end

    def _on_substitution(self, found: "re.Match[str]") -> None:
        self._append(SUBSTITUTED, found.start(), is_plain=False)
        self._push("substitution", is_substituted=True)

    def _on_tick(self, found: "re.Match[str]") -> None:
        if any(frame.kind == "ticks" for frame in self._frames[-2:]):
            self._end_word(found.start())
            while self._top.kind != "ticks":
                self._pop(found.start())
            self._pop(found.start())
            return
        self._append(SUBSTITUTED, found.start(), is_plain=False)
        self._push("ticks", is_substituted=True)

    def _on_redirect(self, found: "re.Match[str]") -> None:
        top = self._top
        if top.parts is not None and top.is_plain and "".join(top.parts).isdigit():
            top.parts = None
        self._end_word(found.start())
        self._top.redirect = found[0]

    def _on_operator(self, found: "re.Match[str]") -> None:
        if self._top.is_in_header and self._top.kind == "case":
            self._end_word(found.start())
            return
        if found[0] in ("|", "|&"):
            self._end_command(found.start())
            self._top.place += 1
            return
        self._end_pipeline(found.start())
        if found[0].startswith(";;") and self._top.kind == "case":
            self._top.is_in_header = True

    def _on_open(self, found: "re.Match[str]") -> None:
        top = self._top
        if top.parts and top.parts[-1].endswith("="):
            self._push("array")
            return
        self._end_word(found.start())
        if self._content.startswith(")", self._next) and len(self._top.words) == 1:
            self._next += 1
            self._top.words.clear()
        elif not self._top.is_in_header:
            self._push("subshell")

    def _on_close(self, found: "re.Match[str]") -> None:
        self._end_word(found.start())
        if self._top.kind == "case":
            self._top.words.clear()
            self._top.is_in_header = False
            return
        kinds = ("subshell", "substitution", "array")
        if any(frame.kind in kinds for frame in self._frames[-2:]):
            while self._top.kind not in kinds:
                self._pop(found.start())
            self._pop(found.start())
        else:
            self._end_pipeline(found.start())

    # Words, commands, frames

    def _append(self, part: str, start: int, is_plain: bool = True) -> None:
        top = self._frames[-1]
        if top.parts is None:
            top.parts = []
            top.word_start = start
            top.is_plain = True
        top.parts.append(part)
        top.is_plain = top.is_plain and is_plain

    def _end_word(self, end: int) -> None:
        top = self._frames[-1]
        if top.parts is None:
            return
        word = ShellWord("".join(top.parts), top.word_start, end)
        top.parts = None
        if top.names_function:
            top.names_function = False
        elif top.redirect is not None:
            self._end_redirect(top, word)
        elif top.is_in_header:
            self._end_header(top, word)
        elif top.is_plain and not top.words and not top.assignments and self._is_reserved(word, end):
            return
        elif not top.words and "=" in word.text and _ASSIGNMENT.match(word.text):
            top.assignments.append(word)
        else:
            top.words.append(word)

    def _end_redirect(self, top: _Frame, word: ShellWord) -> None:
        operator = top.redirect or ""
        top.redirect = None
        top.redirects.append(Redirect(operator, word))
        if operator in ("<<", "<<-"):
            self._heredocs.append((word.text, operator == "<<-"))

    def _end_header(self, top: _Frame, word: ShellWord) -> None:
        if word.text == ("in" if top.kind == "case" else "do"):
            top.is_in_header = top.kind == "case"
        elif word.text == "esac" and top.kind == "case":
            self._pop(word.start)

    def _is_reserved(self, word: ShellWord, end: int) -> bool:
        if word.text in _OPENING:
            self._push("case" if word.text == "case" else "group")
            self._top.is_in_header = word.text in _HEADERS
        elif word.text in _CLOSING:
            if self._top.kind in ("group", "case"):
                self._pop(word.start)
        elif word.text not in _PASSED_OVER:
            return False
        self._top.names_function = word.text == "function"
        return True

    def _end_command(self, end: int) -> None:
        self._end_word(end)
        top = self._frames[-1]
        top.redirect = None
        if (top.words or top.assignments or top.redirects) and top.kind != "array" and not top.is_in_header:
            self._commands.append(
                SimpleCommand(
                    tuple(top.words),
                    tuple(top.assignments),
                    tuple(top.redirects),
                    top.spot,
                    self._text,
                )
            )
        top.words, top.assignments, top.redirects = [], [], []

    def _end_pipeline(self, end: int) -> None:
        self._end_command(end)
        self._pipelines += 1
        self._top.pipeline = self._pipelines
        self._top.place = 0

    def _push(self, kind: str, is_substituted: bool = False) -> None:
        self._pipelines += 1
        self._frames.append(_Frame(kind, self._pipelines, self._top.spot, is_substituted))

    def _pop(self, end: int) -> None:
        """Leave the top frame; its last word has to be ended before, as that may leave it too."""
        self._end_command(end)
        self._frames.pop()

    def _skip_heredoc(self, name: str, strips_tabs: bool) -> None:
        """Go behind the terminator, or to the end of the script if it has none."""
        tabs = "\t*" if strips_tabs else ""
        terminator = re.compile(rf"^{tabs}{re.escape(name)}$", re.MULTILINE)
        found = terminator.search(self._content, self._next, self._end)
        self._next = found.end() if found else self._end

    _handlers: ClassVar[Mapping[str, Callable[["_Scanner", "re.Match[str]"], None]]] = MappingProxyType(
        {
            "plain": _on_text,
            "other": _on_text,
            "variable": _on_text,
            "arithmetic": _on_text,
            "escaped": _on_escaped,
            "single": _on_single,
            "double": _on_double,
            "end": _on_end_of_double,
            "blank": _on_blank,
            "joined": _on_joined,
            "newline": _on_newline,
            "comment": _on_comment,
            "substitution": _on_substitution,
            "tick": _on_tick,
            "redirect": _on_redirect,
            "operator": _on_operator,
            "open": _on_open,
            "close": _on_close,
        }
    )
    """By the name of a token's group, what it does; here, as its functions have to be defined above it."""
