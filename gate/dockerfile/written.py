"""What a step writes down: by echo, printf, tee, sed or a heredoc, and into which file."""

import re
from collections.abc import Callable, Iterable, Iterator

import msgspec

from gate.dockerfile.build import Command, Step
from gate.dockerfile.commands import redirects_to
from gate.dockerfile.hits import Hit
from gate.dockerfile.shell import ShellWord

_SPEAKERS = frozenset({"echo", "printf", "sed"})
_EXPORTERS = frozenset({"export", "declare", "typeset", "readonly", "setenv", "env"})
_ESCAPES = re.compile(r"\\[nt]")
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)


class Written(msgspec.Struct, frozen=True):
    """A text that a step writes."""

    content: str
    path: str | None
    """The file it goes to, as written; None if that is not to be seen."""
    hit: Callable[..., Hit]
    """Says what is wrong there, as `Step.hit` and `Command.hit` do."""


def written(step: Step) -> Iterator[Written]:
    """Yield every text that an ADD, COPY or RUN has in the Dockerfile itself."""
    if step.name in ("ADD", "COPY"):
        path = step.values[-1] if step.values else None
        yield from (Written(heredoc.body.content, path, step.hit) for heredoc in step.instruction.heredocs)
        return
    waiting = list(step.instruction.heredocs)
    for command in step.commands:
        if command.program in _SPEAKERS:
            yield Written(_spoken(command.arguments), _target_of(command, step.commands), command.hit)
        for name in _heredoc_names(command):
            body = waiting.pop(0).body.content if waiting and waiting[0].name == name else _inner_heredoc(command, name)
            if body is not None and command.words:
                yield Written(body, _target_of(command, step.commands), command.hit)


def _spoken(words: Iterable[str]) -> str:
    """Return what echo or printf say, `\\n` as the line break that it becomes."""
    return _ESCAPES.sub(lambda escape: "\n" if escape[0] == r"\n" else "\t", " ".join(words))


def _heredoc_names(command: Command) -> Iterator[str]:
    return (one.target.text for one in command.syntax.redirects if one.operator in ("<<", "<<-"))


def _inner_heredoc(command: Command, name: str) -> str | None:
    """Return the body of a heredoc inside a script; the script's own text holds it."""
    text = command.syntax.text.content
    begin = text.find("\n", max((one.target.end for one in command.syntax.redirects), default=0))
    end = re.compile(rf"^\t*{re.escape(name)}$", re.MULTILINE).search(text, begin) if begin >= 0 else None
    return text[begin : end.start()] if end else None


def _target_of(command: Command, others: Iterable[Command]) -> str | None:
    """Return the file that a command's output goes to, by `>` or through `| tee`."""
    for redirect in redirects_to(command.syntax):
        return redirect.target.text
    spot, script = command.syntax.spot, command.syntax.text
    for other in others:
        other_spot = other.syntax.spot
        is_behind = other_spot.pipeline == spot.pipeline and other_spot.place >= spot.place
        if other.program == "tee" and is_behind and other.syntax.text is script:
            return next((word.text for word in other.operands()), None)
    return None


def exported(command: Command) -> Iterator[tuple[str, str, ShellWord]]:
    """Yield name, value and place of each variable that a command sets: `A=1 program`, `export A=1`, `env A=1 …`."""
    words = list(command.syntax.assignments)
    if command.program in _EXPORTERS:
        words.extend(command.words[1:])
    for word in words:
        name, equals, value = word.text.partition("=")
        if equals and _NAME.fullmatch(name):
            yield name, value, word
