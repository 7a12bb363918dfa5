"""Reads a Dockerfile as BuildKit does, in linear time, and goes on where Docker would give up."""

import re

from gate.dockerfile.arguments import CUTTERS, ArgumentError
from gate.dockerfile.grammar import problems_of, problems_of_order
from gate.dockerfile.heredocs import TAKES_HEREDOCS, announced
from gate.dockerfile.lines import LineReader, LogicalLine
from gate.dockerfile.syntax import Dockerfile, Heredoc, Instruction, Problem
from gate.dockerfile.text import STRIPPED, Word
from gate.dockerfile.words import split_first, split_name, take_flags

_BOM = b"\xef\xbb\xbf"
_LOOKS_LIKE_A_NAME = re.compile(r"[A-Za-z]{1,16}")
"""What an error may repeat: the rest of a broken line could be a piece of a secret."""


def parse(content: bytes) -> Dockerfile:
    """Return every instruction of a Dockerfile, and a Problem for each thing that Docker would refuse.

    Takes any bytes, and never raises for what is in them.
    """
    text, encoding = _decode(content)
    return _Parser(text).parse(encoding)


def _decode(content: bytes) -> tuple[str, str]:
    try:
        return content.removeprefix(_BOM).decode("utf-8"), "utf-8-sig" if content.startswith(_BOM) else "utf-8"
    except UnicodeDecodeError:
        return content.decode("latin-1"), "latin-1"


class _Parser:
    """The state of one run over one file."""

    def __init__(self, text: str) -> None:
        self._lines = LineReader(text)
        self._problems: list[Problem] = []
        self._is_in_lost_heredoc = False

    def parse(self, encoding: str) -> Dockerfile:
        self._lines.read_directives()
        instructions = []
        while (line := self._lines.next_instruction()) is not None:
            instruction = self._read(line)
            if instruction is not None:
                instructions.append(instruction)
        found = tuple(instructions)
        self._problems.extend(problems_of_order(found))
        return Dockerfile(
            found,
            tuple(
                sorted({*self._lines.problems, *self._problems}, key=lambda problem: (problem.line, problem.message))
            ),
            tuple(self._lines.directives),
            tuple(self._lines.comments),
            tuple(self._lines.empty_continuations),
            self._lines.escape,
            encoding,
        )

    def _read(self, line: LogicalLine) -> Instruction | None:
        text = line.text.content
        end = len(text.rstrip(STRIPPED)) if text[-1:].isspace() else len(text)
        word, rest = split_name(text, end)
        name = word.text.upper()
        if name not in CUTTERS:
            self._refuse(line.line, word)
            return None
        heredocs = self._read_heredocs(line, name, rest) if "<<" in text else ()
        return self._instruction(line, name, word.start, rest, end, heredocs)

    def _refuse(self, line: int, word: Word) -> None:
        """Say that there is no such instruction, unless the line may belong to a heredoc that never ends."""
        if self._is_in_lost_heredoc:
            return
        if _LOOKS_LIKE_A_NAME.fullmatch(word.text):
            self._problems.append(Problem(line, f"there is no instruction {word.text}"))
        else:
            self._problems.append(Problem(line, "the line does not begin with an instruction"))

    def _read_heredocs(self, line: LogicalLine, name: str, rest: int) -> tuple[Heredoc, ...]:
        text = line.text.content
        if name == "ONBUILD":
            _, rest = take_flags(text, rest, len(text)) if text.startswith("--", rest) else ((), rest)
            start = len(text) - len(text[rest:].lstrip(STRIPPED))
            name = split_first(text, start, len(text))[0].text.upper()
        if name not in TAKES_HEREDOCS:
            return ()
        heredocs = []
        for beginning in announced(text):
            heredoc = self._lines.read_heredoc(beginning)
            if heredoc is None:
                self._is_in_lost_heredoc = True
                self._problems.append(Problem(line.line, "a heredoc has no end: its terminator is on no later line"))
                break
            heredocs.append(heredoc)
        return tuple(heredocs)

    def _instruction(
        self, line: LogicalLine, name: str, start: int, rest: int, end: int, heredocs: tuple[Heredoc, ...]
    ) -> Instruction:
        """Read the instruction that begins at `start`, whose flags and arguments are from `rest` to `end`."""
        text = line.text.content
        flags, rest = take_flags(text, rest, end) if text.startswith("--", rest) else ((), rest)
        arguments, is_exec, problem = self._cut(name, line, rest, end)
        inner = self._inner(line, arguments, heredocs) if name == "ONBUILD" else None
        instruction = Instruction(
            name,
            line.text,
            start,
            end,
            line.line,
            self._lines.last_read,
            flags,
            arguments,
            is_exec,
            heredocs,
            inner,
            line.comments,
            line.description,
        )
        self._problems.extend((problem,) if problem else problems_of(instruction))
        return instruction

    def _cut(self, name: str, line: LogicalLine, start: int, end: int) -> tuple[tuple[Word, ...], bool, Problem | None]:
        text = line.text.content
        if text[start : start + 1].isspace():
            start = end - len(text[start:end].lstrip(STRIPPED))
        try:
            return *CUTTERS[name](text, start, end, self._lines.escape), None
        except ArgumentError as error:
            return (), False, Problem(line.line, f"{name}: {error}")

    def _inner(
        self, line: LogicalLine, arguments: tuple[Word, ...], heredocs: tuple[Heredoc, ...]
    ) -> Instruction | None:
        """Read what ONBUILD holds; an ONBUILD in an ONBUILD is refused, so it is not looked into."""
        if not arguments:
            return None
        start, end = arguments[0].start, arguments[0].end
        word, rest = split_first(line.text.content, start, end)
        name = word.text.upper()
        if name not in CUTTERS:
            self._refuse(line.line, word)
            return None
        if name == "ONBUILD":
            self._problems.append(Problem(line.line, "ONBUILD cannot hold ONBUILD"))
            return None
        return self._instruction(line, name, word.start, rest, end, heredocs)
