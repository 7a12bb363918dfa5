"""The shape of a parsed Dockerfile. Lines and columns count from 1, in characters of the decoded text."""

import msgspec

from gate.dockerfile.text import JoinedText, Word, one_line
from gate.rules import Span


class Flag(msgspec.Struct, frozen=True, gc=False):
    """`--name=value` in front of an instruction's arguments, its quotes removed; `value` is None without `=`."""

    name: str
    value: str | None
    start: int
    end: int

    @property
    def options(self) -> dict[str, str]:
        """The options of a --mount, names in small letters, `true` for one without a value; empty for other flags."""
        if self.name != "mount":
            return {}
        parts = (part.partition("=") for part in (self.value or "").split(","))
        return {name.strip().lower(): value if equals else "true" for name, equals, value in parts if name.strip()}

    def __str__(self) -> str:
        return f"--{self.name}" if self.value is None else f"--{self.name}={self.value}"


class Heredoc(msgspec.Struct, frozen=True, gc=False):
    """A here-document: `<<EOF`, its body and its terminator."""

    name: str
    descriptor: int
    is_expanded: bool
    """False if a part of the name is quoted."""
    strips_tabs: bool
    """True for `<<-`."""
    body: JoinedText


class Instruction(msgspec.Struct, frozen=True, gc=False):
    """One instruction. `start`, `end` and the offsets of its parts count in `source`."""

    name: str
    """In capitals, as in the reference: `RUN`."""
    source: JoinedText
    start: int
    end: int
    line: int
    end_line: int
    """The last line, heredocs included."""
    flags: tuple[Flag, ...] = ()
    arguments: tuple[Word, ...] = ()
    """As Docker's own parser cuts them: one for a shell form, name and value in turn for ENV and LABEL."""
    is_exec: bool = False
    """True for the JSON form."""
    heredocs: tuple[Heredoc, ...] = ()
    inner: "Instruction | None" = None
    """What ONBUILD keeps for later."""
    comments: tuple[str, ...] = ()
    """The comments between the instruction before and this one, without `#`."""
    description: str = ""
    """The last of them, if it is on the line above."""

    @property
    def text(self) -> str:
        """The instruction as Docker joins it, without heredoc bodies."""
        return self.source.content[self.start : self.end]

    @property
    def normalised(self) -> str:
        """What the instruction says, whatever its line breaks and indentation: the base of fingerprints."""
        bodies = [heredoc.body.content for heredoc in self.heredocs]
        return one_line("\n".join([self.text, *bodies]))

    @property
    def values(self) -> tuple[str, ...]:
        """The arguments' texts."""
        return tuple(word.text for word in self.arguments)

    @property
    def pairs(self) -> tuple[tuple[Word, Word], ...]:
        """Name and value of each variable that ENV or LABEL sets."""
        return tuple(zip(self.arguments[::2], self.arguments[1::2], strict=True))

    def flag(self, name: str) -> Flag | None:
        """Return the first flag with this name."""
        if not self.flags:
            return None
        return next((flag for flag in self.flags if flag.name == name), None)

    def span(self, start: int, end: int) -> Span:
        """Return line and column of a part of `source`."""
        return self.source.span(start, end)


class Problem(msgspec.Struct, frozen=True, gc=False):
    """Why Docker would refuse the file, and where."""

    line: int
    message: str


class Directive(msgspec.Struct, frozen=True, gc=False):
    """A parser directive: `# syntax=…`, `# escape=…`, `# check=…`."""

    name: str
    value: str
    line: int


class Dockerfile(msgspec.Struct, frozen=True, gc=False):
    """All that could be read of a file, and the problems of what could not."""

    instructions: tuple[Instruction, ...]
    problems: tuple[Problem, ...] = ()
    directives: tuple[Directive, ...] = ()
    comments: tuple[str, ...] = ()
    """Every comment between instructions, without `#`."""
    empty_continuations: tuple[int, ...] = ()
    """Numbers of the empty lines inside instructions."""
    escape: str = "\\"
    encoding: str = "utf-8"
    """`utf-8`, `utf-8-sig` or, for what is neither, `latin-1`."""
