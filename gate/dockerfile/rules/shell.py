"""How the shell of a RUN behaves."""

import re
from collections.abc import Iterator

from gate.dockerfile.commands import SHELLS
from gate.dockerfile.edits import Changes, insert_instruction, prepend_command, remove_first_command
from gate.dockerfile.hits import Hit
from gate.dockerfile.rule import instructions, rule, run_programs, runs
from gate.dockerfile.step import Command, Step
from gate.model import Severity

_WITHOUT_PIPEFAIL = frozenset({"dash"})


@rule(
    "DL4006",
    Severity.LOW,
    "Pipe without pipefail",
    looks_at=instructions("RUN"),
    why="Only the exit status of the last program counts: a failed download before the pipe goes unnoticed.",
    mend='Write SHELL ["/bin/bash", "-o", "pipefail", "-c"] before the step, or set -o pipefail in it.',
    references=("CWE-252",),
    bad="RUN wget -O - https://packages.example/list | sort > /list",
    good='SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN wget -O - https://packages.example/list | sort > /list',
    fix_on_request=True,
)
def pipe_without_pipefail(step: Step) -> Iterator[Hit]:
    if any("pipefail" in word for word in step.shell):
        return
    for command in step.commands:
        if _sets_pipefail(command):
            return
        if command.syntax.spot.place > 0 and command.words:
            yield command.hit("the exit status of the command before the pipe is lost", changes=_with_pipefail(step))
            return


def _with_pipefail(step: Step) -> Changes:
    """Set it where SHELL names a shell that knows it; which shells the base image has is not known."""
    name = step.shell[0].rpartition("/")[2] if step.shell else ""
    return prepend_command(step, "set -o pipefail") if name in SHELLS - {"sh", *_WITHOUT_PIPEFAIL} else ()


def _sets_pipefail(command: Command) -> bool:
    return command.program in {"set", *SHELLS} - _WITHOUT_PIPEFAIL and "pipefail" in command.arguments


@rule(
    "DL3003",
    Severity.INFO,
    "cd instead of WORKDIR",
    looks_at=instructions("RUN", where=runs("cd")),
    why="The folder changes only for this one step, which is easy to miss when reading the file.",
    mend="Use WORKDIR.",
    bad="RUN cd /srv && make",
    good="WORKDIR /srv\nRUN make",
)
def cd_in_run(step: Step) -> Iterator[Hit]:
    for command in step.commands:
        if command.program == "cd" and not _is_substituted(command):
            yield command.hit("cd changes the folder only for this step", changes=_as_workdir(step, command))
            return


def _is_substituted(command: Command) -> bool:
    """True inside `$(…)`: `$(cd folder && pwd)` asks for a path."""
    spot = command.syntax.spot
    while not spot.is_substituted and spot.inside is not None:
        spot = spot.inside
    return spot.is_substituted


_PLAIN_FOLDER = re.compile(r"/[\w./+-]*")


def _as_workdir(step: Step, cd: Command) -> Changes:
    """Write WORKDIR instead, where no later instruction notices: the next one sets another, or it is set already."""
    folder = cd.arguments[0] if len(cd.arguments) == 1 else ""
    rest = remove_first_command(step, cd)
    if not rest or not _PLAIN_FOLDER.fullmatch(folder) or sum(one.program == "cd" for one in step.commands) > 1:
        return ()
    if _workdir_at(step) == folder:
        return rest
    following = step.stage.steps[step.place + 1 : step.place + 2]
    is_replaced = any(
        one.name == "WORKDIR" and (one.values[0] or "").startswith("/") for one in following if one.values
    )
    before = insert_instruction(step, f"WORKDIR {folder}") if is_replaced else ()
    return (*before, *rest) if before else ()


def _workdir_at(step: Step) -> str | None:
    """Return the folder that WORKDIR has set in this stage before `step`, if it is written as an absolute path."""
    earlier = [one for one in step.stage.steps_of("WORKDIR") if one.place < step.place]
    folder = earlier[-1].values[0] if earlier and earlier[-1].values else None
    return folder if folder and folder.startswith("/") else None


@rule(
    "DL3001",
    Severity.INFO,
    "Program that does not belong in a build",
    looks_at=run_programs("free", "kill", "mount", "ps", "service", "shutdown", "ssh", "top", "vim"),
    why="It needs a running system or a user, and a build has neither.",
    mend="Remove it; start services when the container runs, not during the build.",
    bad="RUN service nginx start",
    good='CMD ["nginx", "-g", "daemon off;"]',
)
def out_of_place(command: Command) -> Iterator[Hit]:
    yield command.hit(f"{command.program} has no use in a build", command.words[0])
