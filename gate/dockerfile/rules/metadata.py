"""What an image says of itself, and how it starts."""

import json
import re
from collections.abc import Iterator

from gate.core.word_lists import word_lists
from gate.dockerfile.build import BuildStage
from gate.dockerfile.edits import Changes, remove_instruction, replace_part
from gate.dockerfile.hits import Change, Hit
from gate.dockerfile.rule import PIECES, STAGES, instructions, rule
from gate.dockerfile.step import Step
from gate.model import Severity


@rule(
    "DL4000",
    Severity.INFO,
    "MAINTAINER is deprecated",
    looks_at=instructions("MAINTAINER"),
    why="Docker has deprecated it; tools that read metadata expect labels.",
    mend='Write LABEL org.opencontainers.image.authors="…".',
    bad="MAINTAINER jane@example.com",
    good='LABEL org.opencontainers.image.authors="jane@example.com"',
)
def maintainer(step: Step) -> Iterator[Hit]:
    yield step.hit("MAINTAINER is deprecated", changes=_as_label(step))


def _as_label(step: Step) -> tuple[Change, ...]:
    """Write the name as a label; quotes in it would need a person to look."""
    name = step.instruction.values[0].strip("\"'") if step.instruction.values else ""
    if not name or any(sign in name for sign in "\"'\\`$"):
        return ()
    label = f"LABEL org.opencontainers.image.authors={json.dumps(name, ensure_ascii=False)}"
    return step.replace(step.instruction.start, step.instruction.end, label)


@rule(
    "DL3025",
    Severity.LOW,
    "CMD or ENTRYPOINT as a shell line",
    looks_at=instructions("CMD", "ENTRYPOINT", "HEALTHCHECK"),
    why="A shell runs between the container runtime and the program, so signals such as TERM do not reach it.",
    mend='Write a JSON array: CMD ["program", "argument"].',
    bad="CMD python app.py",
    good='CMD ["python", "app.py"]',
    fix_on_request=True,
)
def shell_form(step: Step) -> Iterator[Hit]:
    if step.instruction.is_exec or not step.instruction.arguments:
        return
    if step.name != "HEALTHCHECK":
        yield step.hit(f"{step.name} is run by a shell", changes=_as_exec(step))
    elif step.instruction.values[0].upper() == "CMD":
        yield step.hit("the health check is run by a shell")


_SIMPLE = re.compile(r"[\w./:=@%+,-]+(?: +[\w./:=@%+,-]+)*")
_LISTS = word_lists(__file__)
_OF_THE_SHELL = frozenset(_LISTS["of_the_shell"])
"""Words and signs that only a shell understands; `exec` is handled below."""


def _as_exec(step: Step) -> Changes:
    """Write simple words as a JSON array; not where a shell or the other of CMD and ENTRYPOINT makes a difference."""
    (script,) = step.instruction.arguments
    words = script.text.removeprefix("exec ").split()
    if not _SIMPLE.fullmatch(script.text) or not words or words[0] in _OF_THE_SHELL or "=" in words[0]:
        return ()
    if step.is_on_build or step.shell or not step.runs_in_posix_shell or _has_counterpart(step):
        return ()
    return replace_part(step, script, json.dumps(words))


def _has_counterpart(step: Step) -> bool:
    """True if the file also has an ENTRYPOINT for this CMD, or the other way round: then their words are joined."""
    other = "ENTRYPOINT" if step.name == "CMD" else "CMD"
    return any(one.name == other for one in step.build.steps())


@rule(
    "DL4003",
    Severity.LOW,
    "More than one CMD",
    looks_at=PIECES,
    why="Only the last CMD takes effect; the others are ignored.",
    mend="Keep the last CMD.",
    bad='CMD ["a"]\nCMD ["b"]',
    good='CMD ["b"]',
)
def several_cmd(stage: BuildStage) -> Iterator[Hit]:
    for step in list(stage.steps_of("CMD"))[:-1]:
        yield step.hit("a later CMD replaces it", changes=remove_instruction(step))


@rule(
    "DL4004",
    Severity.LOW,
    "More than one ENTRYPOINT",
    looks_at=PIECES,
    why="Only the last ENTRYPOINT takes effect; the others are ignored.",
    mend="Keep the last ENTRYPOINT.",
    bad='ENTRYPOINT ["a"]\nENTRYPOINT ["b"]',
    good='ENTRYPOINT ["b"]',
)
def several_entrypoint(stage: BuildStage) -> Iterator[Hit]:
    for step in list(stage.steps_of("ENTRYPOINT"))[:-1]:
        yield step.hit("a later ENTRYPOINT replaces it", changes=remove_instruction(step))


@rule(
    "DL3012",
    Severity.LOW,
    "More than one HEALTHCHECK",
    looks_at=PIECES,
    why="Only the last HEALTHCHECK takes effect; the others are ignored.",
    mend="Keep the last HEALTHCHECK.",
    bad="HEALTHCHECK NONE\nHEALTHCHECK CMD /bin/true",
    good="HEALTHCHECK CMD /bin/true",
)
def several_healthcheck(stage: BuildStage) -> Iterator[Hit]:
    for step in list(stage.steps_of("HEALTHCHECK"))[:-1]:
        yield step.hit("a later HEALTHCHECK replaces it", changes=remove_instruction(step))


@rule(
    "DL3057",
    Severity.INFO,
    "No HEALTHCHECK",
    looks_at=STAGES,
    why="Without it no one notices a program that runs but does not respond. Checked only if `rules` names it.",
    mend="Add HEALTHCHECK CMD …, or HEALTHCHECK NONE if the platform has its own checks.",
    references=("CIS-DI-0006",),
    on_request=True,
    bad="RUN make",
    good='RUN make\nHEALTHCHECK CMD ["/bin/app", "--check"]',
)
def no_healthcheck(stage: BuildStage) -> Iterator[Hit]:
    if stage.is_leaf and not any("HEALTHCHECK" in one.first_places for one in (stage, *stage.parents())):
        yield stage.from_step.hit("no HEALTHCHECK tests whether the program responds")
