"""The shell scripts of a Dockerfile's RUN instructions, as Docker hands them to a shell."""

import posixpath
from collections.abc import Iterator

import msgspec

from gate.dockerfile.build import Build, BuildStage
from gate.dockerfile.step import Step
from gate.dockerfile.syntax import Heredoc, Instruction
from gate.dockerfile.text import JoinedText

_DIALECTS = {"sh": "sh", "bash": "bash", "dash": "dash", "ksh": "ksh", "ash": "busybox"}
_DEFAULT = "sh"
_PROXIES = frozenset(f"{kind}_PROXY" for kind in ("HTTP", "HTTPS", "FTP", "NO", "ALL"))
PREDEFINED = _PROXIES | {name.lower() for name in _PROXIES}
"""Arguments that every build has without ARG: https://docs.docker.com/reference/dockerfile/#predefined-args."""


class Script(msgspec.Struct, frozen=True):
    """One script, the dialect it is written in, and the variables that are there when it begins."""

    instruction: Instruction
    text: JoinedText
    dialect: str
    variables: tuple[str, ...]


def scripts_of(build: Build) -> Iterator[Script]:
    """Yield the script of each RUN in shell form that is for a shell which ShellCheck knows."""
    for stage in build.pieces:
        variables = _inherited(stage)
        for step in stage.steps:
            if step.name == "RUN":
                there = _kept_for_later(step) if step.is_on_build else variables
                yield from _scripts_of(step, tuple(sorted(there)))
            elif not step.is_on_build:
                variables.update(_declared_by(step))


def _kept_for_later(step: Step) -> set[str]:
    """Return the names that a later build has when it comes to what ONBUILD keeps: no ARG of this one."""
    earlier = step.stage.steps[: step.place]
    return {name for one in earlier if one.is_on_build or one.name == "ENV" for name in _declared_by(one)} | _inherited(
        step.stage
    )


def _inherited(stage: BuildStage) -> set[str]:
    """Return the names that ENV sets in the stages that this one goes on from; ARG ends with its stage."""
    names: set[str] = set()
    parent = stage.parent
    seen: set[int] = set()
    while parent is not None and parent.number not in seen:
        seen.add(parent.number)
        for step in parent.steps_of("ENV"):
            names.update(_declared_by(step))
        parent = parent.parent
    return names


def _declared_by(step: Step) -> Iterator[str]:
    if step.name == "ENV":
        names = [name.text for name, _ in step.instruction.pairs]
    elif step.name == "ARG":
        names = [word.text.partition("=")[0] for word in step.instruction.arguments]
    else:
        return
    yield from (name for name in names if name.isascii() and name.isidentifier())


def _scripts_of(step: Step, variables: tuple[str, ...]) -> Iterator[Script]:
    instruction = step.instruction
    if instruction.is_exec or not instruction.arguments:
        return
    name = posixpath.basename(step.shell[0]) if step.shell else _DEFAULT
    dialect = _DIALECTS.get(name) if step.runs_in_posix_shell else None
    text = text_of(instruction)
    interpreter = _interpreter(text)
    if interpreter is not None:
        dialect = _DIALECTS.get(interpreter)
    if dialect is not None:
        yield Script(instruction, text, dialect, variables)


def text_of(instruction: Instruction) -> JoinedText:
    """Return the script of a RUN in shell form with its heredocs; of nothing but a heredoc the heredoc's body."""
    (command,) = instruction.arguments
    text = instruction.source.part(command.start, command.end)
    if len(instruction.heredocs) == 1 and command.text.startswith("<<") and len(command.text.split()) == 1:
        return instruction.heredocs[0].body
    for heredoc in instruction.heredocs:
        text = _with_heredoc(text, heredoc)
    return text


def _with_heredoc(text: JoinedText, heredoc: Heredoc) -> JoinedText:
    """Put a heredoc's body and its terminator behind the text, each line with its own place."""
    body = heredoc.body
    start = len(text.content) + 1
    content = f"{text.content}\n{body.content}{heredoc.name}"
    offsets = (*text.offsets, *(start + offset for offset in body.offsets))
    return JoinedText(content, offsets, (*text.places, *body.places))


def _interpreter(text: JoinedText) -> str | None:
    """Return the program that the script's first line names, or None if it names none."""
    first = text.content.partition("\n")[0]
    if not first.startswith("#!"):
        return None
    words = [posixpath.basename(word) for word in first[2:].split()]
    if words[:1] == ["env"]:
        words = [word for word in words[1:] if not word.startswith("-")]
    return words[0] if words else ""
