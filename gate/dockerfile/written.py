"""What a step writes down: by echo, printf, tee, sed or a heredoc, and into which file."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

import msgspec

from gate.dockerfile.commands import program_of, redirects_to
from gate.dockerfile.hits import Hit
from gate.dockerfile.shell import ShellWord, SimpleCommand
from gate.dockerfile.step import Command, Step

_SPEAKERS = frozenset({"echo", "printf", "sed"})
_EXPORTERS = frozenset({"export", "declare", "typeset", "readonly", "setenv", "env"})
_ESCAPES = re.compile(r"\\[nt]")
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)


class WrittenText(msgspec.Struct, frozen=True):
    """A text that a step writes."""

    content: str
    path: str | None
    """The file it goes to, as written; None if that is not to be seen."""
    hit: Callable[..., Hit]
    """Says what is wrong there, as `Step.hit` and `Command.hit` do."""


@lru_cache(maxsize=256)
def written(step: Step) -> tuple[WrittenText, ...]:
    """Return every text that an ADD, COPY or RUN has in the Dockerfile itself and writes somewhere."""
    if step.name in ("ADD", "COPY"):
        path = step.values[-1] if step.values else None
        heredocs = step.instruction.heredocs
        return tuple(WrittenText(one.body.content, _place_of(one.name, path), step.hit) for one in heredocs)
    return tuple(_written_by_commands(step)) if step.name == "RUN" else ()


def _place_of(name: str, path: str | None) -> str | None:
    """Return the file that a heredoc becomes: in a folder it is called as the heredoc is."""
    return path + name if path and path.endswith("/") else path


def _written_by_commands(step: Step) -> Iterator[WrittenText]:
    tees = files_of_tees(step.commands)
    waiting = list(step.instruction.heredocs)[::-1]
    for command in step.commands:
        if command.program in _SPEAKERS:
            path = target_of(command, tees) if command.program != "sed" else None
            yield WrittenText(_spoken(command.arguments), path, command.hit)
        names = [one.target.text for one in command.syntax.redirects if one.operator in ("<<", "<<-")]
        path = target_of(command, tees) if names else None
        begin = _end_of_line(command) if names else -1
        for name in names:
            is_docker_s = bool(waiting) and waiting[-1].name == name
            body = waiting.pop().body.content if is_docker_s else _inner_heredoc(command, begin, name)
            if body is not None and command.words:
                yield WrittenText(body, path, command.hit)


def _spoken(words: Iterable[str]) -> str:
    """Return what echo or printf say, `\\n` as the line break that it becomes."""
    return _ESCAPES.sub(lambda escape: "\n" if escape[0] == r"\n" else "\t", " ".join(words))


def _end_of_line(command: Command) -> int:
    """Return where the line ends behind which a command's heredocs stand, or -1 if it is the last one."""
    return command.syntax.text.content.find("\n", max(one.target.end for one in command.syntax.redirects))


def _inner_heredoc(command: Command, begin: int, name: str) -> str | None:
    """Return the body of a heredoc inside a script; the script's own text holds it."""
    content = command.syntax.text.content
    ends = _lines_of(content).get(name, []) if begin >= 0 else []
    later = bisect_left(ends, begin)
    return content[begin : ends[later]] if later < len(ends) else None


@lru_cache(maxsize=2)
def _lines_of(content: str) -> dict[str, list[int]]:
    """Return where each line begins, by its text without leading tabs: a search per heredoc would be quadratic."""
    places: dict[str, list[int]] = {}
    place = 0
    for line in content.split("\n"):
        places.setdefault(line.lstrip("\t"), []).append(place)
        place += len(line) + 1
    return places


def files_of_tees(commands: Iterable[Command]) -> dict[tuple[int, int], str]:
    """Return the file that the first `tee` of each pipeline writes."""
    files: dict[tuple[int, int], str] = {}
    for command in commands:
        operand = next(iter(command.operands()), None) if command.program == "tee" else None
        if operand is not None:
            files.setdefault((id(command.syntax.text), command.syntax.spot.pipeline), operand.text)
    return files


def target_of(command: Command, tees: dict[tuple[int, int], str]) -> str | None:
    """Return the file that a command's output goes to, by `>` or through `| tee`."""
    for redirect in redirects_to(command.syntax):
        return redirect.target.text
    return tees.get((id(command.syntax.text), command.syntax.spot.pipeline))


def exported(command: Command) -> Iterator[tuple[str, str, ShellWord]]:
    """Yield name, value and place of each variable that a command sets: `A=1 program`, `export A=1`, `env A=1 …`."""
    yield from exported_by(command.syntax)


def exported_by(command: SimpleCommand) -> Iterator[tuple[str, str, ShellWord]]:
    """Yield what `exported` does, of a command that belongs to no step yet."""
    words = list(command.assignments)
    if program_of(command) in _EXPORTERS:
        words.extend(command.words[1:])
    for word in words:
        name, equals, value = word.text.partition("=")
        if equals and _NAME.fullmatch(name):
            yield name, value, word


@lru_cache(maxsize=64)
def exports(step: Step) -> tuple[tuple[Command, str, str, ShellWord], ...]:
    """Return command, name, value and place of each variable that the commands of a step set.

    What a wrapper runs has the variables too, and is not asked again: the first command that sets one is its own.
    """
    found: dict[tuple[int, int], tuple[Command, str, str, ShellWord]] = {}
    for command in step.commands:
        for name, value, word in exported(command):
            found.setdefault((id(command.syntax.text), word.start), (command, name, value, word))
    return tuple(found.values())
