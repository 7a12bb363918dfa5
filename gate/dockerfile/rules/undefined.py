"""Variables that nothing declares, and ways of writing that Docker only keeps for old files."""

import re
from collections.abc import Iterator

from gate.dockerfile.build import Build, BuildStage
from gate.dockerfile.build_checks import CHECKS_PAGE as _CHECKS
from gate.dockerfile.hits import Change, Hit
from gate.dockerfile.rule import BUILD, STAGES, instructions, rule
from gate.dockerfile.step import Step
from gate.dockerfile.text import Word
from gate.dockerfile.variables import UNSET, Value, expand
from gate.model import Severity

_AUTOMATIC = frozenset(
    f"{side}{part}" for side in ("BUILD", "TARGET") for part in ("PLATFORM", "OS", "ARCH", "VARIANT", "OSVERSION")
) | {"TARGETSTAGE"}
"""What BuildKit declares before the first FROM; a stage has to declare it again to use it."""


def _unguarded_names(text: str, escape: str) -> list[str]:
    """Return the variables in a word, those with a default of their own (`${X:-y}`) not among them."""
    if "$" not in text:
        return []
    names: list[str] = []

    def note(name: str) -> Value:
        names.append(name)
        return ""

    expand(text, note, escape)
    bare = dict.fromkeys(name for name in names if not name.isdigit() and name.isidentifier())
    return [name for name in bare if not _has_default(text, name)]


def _has_default(text: str, name: str) -> bool:
    return any(f"${{{name}{sign}" in text for sign in ":-+?")


@rule(
    "GD101",
    Severity.LOW,
    "Undeclared variable in FROM",
    looks_at=STAGES,
    why="Docker replaces it with nothing: the build fails, or uses a different image than intended.",
    mend="Declare it with ARG before the first FROM; an ARG inside a stage does not apply to FROM.",
    references=(f"{_CHECKS}/undefined-arg-in-from/",),
    bad="ARG VERSION=12\nFROM debian:${VERISON}",
    good="ARG VERSION=12\nFROM debian:${VERSION}",
)
def undeclared_in_from(stage: BuildStage) -> Iterator[Hit]:
    words = stage.from_step.instruction.arguments[:1]
    preamble, escape = stage.build.preamble, stage.build.dockerfile.escape
    for word in words:
        for name in _unguarded_names(word.text, escape):
            if name in _AUTOMATIC or preamble.knows(name, len(preamble.steps)):
                continue
            meant = preamble.declared.near(name)
            hint = f"; is {meant} meant?" if meant else ""
            yield stage.from_step.hit(f"no ARG before the first FROM declares {name}{hint}", word)


@rule(
    "GD102",
    Severity.LOW,
    "Undeclared variable",
    looks_at=instructions("ADD", "COPY", "ENV", "EXPOSE", "LABEL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"),
    why="Docker replaces it with nothing, so the path, user or port is not the intended one.",
    mend="Declare it with ARG or ENV in this stage; an ARG before FROM has to be declared again: ARG NAME.",
    references=(f"{_CHECKS}/undefined-var/",),
    bad="ARG APP_HOME=/srv\nFROM registry.example.com/image:1\nCOPY app ${APP_HOME}/",
    good="ARG APP_HOME=/srv\nFROM registry.example.com/image:1\nARG APP_HOME\nCOPY app ${APP_HOME}/",
)
def undeclared_variable(step: Step) -> Iterator[Hit]:
    if step.is_on_build or step.stage.number < 0:
        return
    for word in step.instruction.arguments:
        for name in _unguarded_names(word.text, step.build.dockerfile.escape):
            reason = _why_undeclared(step, name)
            if reason is not None:
                yield step.hit(reason, word)


def _why_undeclared(step: Step, name: str) -> str | None:
    """Return what is wrong with a name, or None if the base image may well set it."""
    stage = step.stage
    if stage.knows(name, step.place):
        return None
    if stage.build.preamble.value(name, len(stage.build.preamble.steps)) is not UNSET:
        return f"{name} is declared before FROM, but not in this stage"
    if name in _AUTOMATIC:
        return f"{name} has to be declared in this stage: ARG {name}"
    meant = stage.declared.near(name)
    if meant is not None:
        return f"nothing declares {name}; is {meant} meant?"
    is_from_nothing = stage.parent is None and stage.image == "scratch" and name != "PATH"
    return f"nothing declares {name}, and scratch has no variables" if is_from_nothing else None


@rule(
    "GD103",
    Severity.INFO,
    "ENV or LABEL without =",
    looks_at=instructions("ENV", "LABEL"),
    why="The old form takes everything that follows as one value: ENV A 1 B 2 sets only A. Docker may drop it.",
    mend='Write name=value: ENV GREETING="good day".',
    references=(f"{_CHECKS}/legacy-key-value-format/",),
    bad="ENV GREETING good day",
    good='ENV GREETING="good day"',
)
def old_assignment(step: Step) -> Iterator[Hit]:
    for name, value in step.instruction.pairs[:1]:
        between = step.instruction.source.content[name.end : value.start]
        if "=" not in between:
            yield step.hit(f"{step.name} {name.text} has no =", name, changes=_with_equals(step, name, value))


_PLAIN_VALUE = re.compile(r"[\w.,:/@%+${}-]+", re.ASCII)
_QUOTABLE = re.compile(r"[^\"'\\`\n]*")


def _with_equals(step: Step, name: Word, value: Word) -> tuple[Change, ...]:
    """Put `=` in place of the blanks, quotes around a value with blanks; nothing where escapes would need a look.

    The value itself is no part of the change, as it may be a secret.
    """
    if not _QUOTABLE.fullmatch(value.text) or step.instruction.line != step.instruction.end_line:
        return ()
    if _PLAIN_VALUE.fullmatch(value.text):
        return step.replace(name.end, value.start, "=")
    return (*step.replace(name.end, value.start, '="'), *step.replace(value.end, value.end, '"'))


@rule(
    "GD104",
    Severity.INFO,
    "Instructions in mixed case",
    looks_at=BUILD,
    why="Someone who searches for RUN does not find run.",
    mend="Write all instructions in uppercase, or all in lowercase.",
    references=(f"{_CHECKS}/consistent-instruction-casing/",),
    bad="FROM registry.example.com/image:1\nrun make\nCOPY a /a",
    good="FROM registry.example.com/image:1\nRUN make\nCOPY a /a",
)
def mixed_casing(build: Build) -> Iterator[Hit]:
    written = [(step, _name_as_written(step)) for stage in build.stages for step in stage.steps if not step.is_on_build]
    names = [name for _, name in written]
    small = sum(map(str.islower, names)) > sum(map(str.isupper, names))
    for step, name in written:
        fitting = name.lower() if small else name.upper()
        if name != fitting:
            start = step.instruction.start
            changes = step.replace(start, start + len(name), fitting)
            yield step.hit(f"{name} is not written {fitting}, unlike most instructions here", changes=changes)


def _name_as_written(step: Step) -> str:
    instruction = step.instruction
    return instruction.source.content[instruction.start : instruction.start + len(instruction.name)]


@rule(
    "GD105",
    Severity.INFO,
    "FROM and AS in different case",
    looks_at=STAGES,
    why="Someone who searches for AS does not find as.",
    mend="Write both in uppercase: FROM image AS name.",
    references=(f"{_CHECKS}/from-as-casing/",),
    bad="FROM registry.example.com/image:1 as build",
    good="FROM registry.example.com/image:1 AS build",
)
def from_as_casing(stage: BuildStage) -> Iterator[Hit]:
    words = stage.from_step.instruction.arguments
    name = _name_as_written(stage.from_step)
    if len(words) != 3 or words[1].text.lower() != "as" or not (name.isupper() or name.islower()):
        return
    fitting = "AS" if name.isupper() else "as"
    if words[1].text != fitting:
        changes = stage.from_step.replace(words[1].start, words[1].end, fitting)
        yield stage.from_step.hit(f"{name} and {words[1].text} differ", words[1], changes=changes)


@rule(
    "GD106",
    Severity.INFO,
    "FROM with an ARG that has no default",
    looks_at=STAGES,
    why="A build without --build-arg fails, and tools cannot tell which image it uses.",
    mend="Give the ARG a default: ARG BASE=debian:12.",
    references=(f"{_CHECKS}/invalid-default-arg-in-from/",),
    bad="ARG BASE\nFROM $BASE",
    good="ARG BASE=debian:12\nFROM $BASE",
)
def from_without_default(stage: BuildStage) -> Iterator[Hit]:
    preamble, escape = stage.build.preamble, stage.build.dockerfile.escape
    for word in stage.from_step.instruction.arguments[:1]:
        for name in _unguarded_names(word.text, escape):
            is_declared = preamble.knows(name, len(preamble.steps))
            if is_declared and preamble.value(name, len(preamble.steps)) is UNSET:
                yield stage.from_step.hit(f"ARG {name} has no default", word)
