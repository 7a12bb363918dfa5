"""An instruction in its stage, and the commands that it runs: what rules look at, and how they say what is wrong.

These are made for one run over one file and never cross a border.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from gate.declarations.dockerfile import DockerfileSettings
from gate.dockerfile.build_context import BuildContext
from gate.dockerfile.commands import SHELLS, commands_of, program_of
from gate.dockerfile.hits import Change, Hit
from gate.dockerfile.shell import ShellWord, SimpleCommand
from gate.dockerfile.syntax import Flag, Instruction
from gate.dockerfile.text import Word
from gate.dockerfile.variables import expand
from gate.dockerfile.wrappers import behind_wrapper
from gate.model import Severity, Worth

if TYPE_CHECKING:
    from gate.dockerfile.build import Build, BuildStage

_REMOTE = re.compile(r"[a-z][a-z0-9+.-]*://|git@", re.IGNORECASE)
_RUNS_COMMANDS = frozenset({"RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"})


class Step:
    """One instruction in its stage. What ONBUILD keeps is a step of its own, `is_on_build`."""

    def __init__(
        self, instruction: Instruction, stage: "BuildStage", place: int, shell: tuple[str, ...], is_on_build: bool
    ) -> None:
        self.instruction = instruction
        self.name = instruction.name
        """The instruction's name: `RUN`."""
        self.stage = stage
        self.place = place
        self.shell = shell
        """What SHELL says at this place; empty: Docker's default."""
        self.is_on_build = is_on_build

    @property
    def build(self) -> "Build":
        return self.stage.build

    @property
    def settings(self) -> DockerfileSettings:
        return self.build.settings

    def expand(self, text: str) -> str | None:
        """Return `text` as Docker expands it at this place, or None if it needs an unknown value."""
        return expand(text, lambda name: self.stage.value(name, self.place), self.build.dockerfile.escape)

    @cached_property
    def values(self) -> tuple[str | None, ...]:
        """The arguments, each expanded."""
        return tuple(self.expand(word.text) for word in self.instruction.arguments)

    def assignments(self) -> Iterator[tuple[str, str | None, Word]]:
        """Yield name, expanded value and place of each variable that ENV, or ARG with a default, sets."""
        if self.name == "ENV":
            for name, value in self.instruction.pairs:
                yield name.text, self.expand(value.text), Word(name.text, name.start, value.end)
        elif self.name == "ARG":
            for word in self.instruction.arguments:
                name_text, equals, default = word.text.partition("=")
                if equals:
                    yield name_text, self.expand(default), word

    @cached_property
    def sources(self) -> tuple[tuple[Word, str], ...]:
        """What COPY or ADD takes from `context`, expanded: no address, heredoc or other stage's file."""
        if self.name not in ("ADD", "COPY") or (self.instruction.flag("from") and self._further_folder is None):
            return ()
        return tuple(
            (word, value)
            for word, value in zip(self.instruction.arguments, self.values[:-1], strict=False)
            if value and not value.startswith("<<") and not _REMOTE.match(value)
        )

    @property
    def _further_folder(self) -> str | None:
        """The folder that --from names, if it is a further context of the build."""
        flag = self.instruction.flag("from")
        named = self.build.context_named(flag.value or "") if flag else None
        return named.folder if named else None

    @cached_property
    def context(self) -> BuildContext:
        """The files that `sources` are among."""
        folder = self._further_folder
        return self.build.context if folder is None else self.build.context.elsewhere(folder)

    @cached_property
    def commands(self) -> tuple["Command", ...]:
        """The commands that it runs; none if its shell is not one of `SHELLS` (PowerShell, cmd)."""
        if self.name not in _RUNS_COMMANDS or not (self.instruction.is_exec or self.runs_in_posix_shell):
            return ()
        return tuple(Command(self, found) for found in commands_of(self.instruction))

    @cached_property
    def programs(self) -> frozenset[str]:
        """The programs of `commands`."""
        return frozenset(command.program for command in self.commands)

    @property
    def runs_in_posix_shell(self) -> bool:
        """True if its shell form is read by a shell that we can read too."""
        if self.shell:
            return self.shell[0].rpartition("/")[2] in SHELLS
        return not self.stage.is_windows

    def hit(
        self,
        message: str,
        at: Word | Flag | None = None,
        *,
        changes: tuple[Change, ...] = (),
        evidence: str | None = None,
        severity: Severity | None = None,
        low_worth: str = "",
    ) -> Hit:
        """Say what is wrong here; `at` is the part of the instruction, by default all of it.

        `low_worth` says why it is worth no stop, if it is not.
        """
        start, end = (at.start, at.end) if at else (self.instruction.start, self.instruction.end)
        span = self.instruction.span(start, end)
        return Hit(
            message=message,
            span=span,
            part=self.instruction,
            evidence=() if evidence is None else (evidence,),
            changes=changes,
            severity=severity,
            **_weighed(low_worth),
            ships=self.stage.ships,
        )

    def replace(self, start: int, end: int, text: str) -> tuple[Change, ...]:
        """Return the change that puts `text` in place of a part of the instruction."""
        return (Change(self.instruction.span(start, end), text),)


class Command:
    """A simple command of a step."""

    def __init__(self, step: Step, command: SimpleCommand) -> None:
        self.step = step
        self.syntax = command
        self.program = program_of(command)
        """Its name without the folder; empty for a bare assignment."""

    @property
    def words(self) -> tuple[ShellWord, ...]:
        """Program and arguments."""
        return self.syntax.words

    @cached_property
    def own_words(self) -> tuple[ShellWord, ...]:
        """The words without those of the command that `sudo`, `env` or the like runs: that one is a command itself."""
        start = behind_wrapper([word.text for word in self.syntax.words])
        return self.syntax.words[:start]

    @cached_property
    def arguments(self) -> tuple[str, ...]:
        """All words behind the program."""
        return tuple(word.text for word in self.syntax.words[1:])

    def has_option(self, *names: str) -> bool:
        """True if one of these options is given: `-y` also inside `-qy`, `--force` also as `--force=…`."""
        return next(self.options(*names), None) is not None

    def options(self, *names: str) -> Iterator[ShellWord]:
        """Yield the words that hold one of these options."""
        letters = tuple(name[1] for name in names if len(name) == 2)
        for word in self.syntax.words[1:]:
            text = word.text
            if text == "--":
                return
            is_short = text[:1] == "-" and text[:2] != "--" and any(letter in text for letter in letters)
            if is_short or text.partition("=")[0] in names:
                yield word

    def operands(self, *with_value: str) -> tuple[ShellWord, ...]:
        """Return the arguments that are no options; `with_value` names the options whose value is the next word."""
        found: list[ShellWord] = []
        words = iter(self.syntax.words[1:])
        for word in words:
            if word.text == "--":
                return (*found, *words)
            if word.text in with_value:
                next(words, None)
            elif not word.text.startswith("-"):
                found.append(word)
        return tuple(found)

    def hit(
        self,
        message: str,
        at: ShellWord | None = None,
        *,
        changes: tuple[Change, ...] = (),
        evidence: str | None = None,
        severity: Severity | None = None,
        low_worth: str = "",
    ) -> Hit:
        """Say what is wrong here; `at` is the word, by default the whole command. `low_worth` as of `Step.hit`."""
        words = self.syntax.words or self.syntax.assignments
        start, end = (at.start, at.end) if at else (words[0].start, words[-1].end)
        span = self.syntax.text.span(start, end)
        return Hit(
            message=message,
            span=span,
            part=self.step.instruction,
            evidence=() if evidence is None else (evidence,),
            changes=changes,
            severity=severity,
            **_weighed(low_worth),
            ships=self.step.stage.ships,
        )

    def insert_behind(self, word: ShellWord, text: str) -> tuple[Change, ...]:
        """Return the change that writes `text` behind a word; none if the word's place is not exact."""
        if not self.syntax.text.is_exact or self.step.instruction.is_exec:
            return ()
        return (Change(self.syntax.text.span(word.end, word.end), text),)


def _weighed(low_worth: str) -> dict[str, Any]:
    """Return the members of a Hit that state its worth, if it is low."""
    return {"worth": Worth.LOW, "worth_evidence": (low_worth,)} if low_worth else {}
