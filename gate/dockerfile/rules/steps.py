"""RUN: the options of its programs, and the order of steps."""

from collections.abc import Iterator
from itertools import pairwise

from gate.dockerfile.build import BuildStage
from gate.dockerfile.hits import Hit
from gate.dockerfile.rule import PIECES, rule, run_programs
from gate.dockerfile.step import Command, Step
from gate.model import Severity

_QUIET = ("-q", "-nv", "-o", "-a", "--quiet", "--no-verbose", "--progress", "--output-file", "--append-output")
_FETCHES_NOTHING = ("-V", "--version", "-h", "--help")
_FETCHERS = frozenset({"curl", "wget"})
_HIGH_UID = 100_000


@rule(
    "DL3046",
    Severity.INFO,
    "useradd with a high number and without -l",
    looks_at=run_programs("useradd"),
    why="The lastlog file reserves space for every lower user id, so the image can grow by gigabytes of zeros.",
    mend="Add -l.",
    bad="RUN useradd -u 1234567 app",
    good="RUN useradd -l -u 1234567 app",
)
def high_uid_in_lastlog(command: Command) -> Iterator[Hit]:
    uid = _uid(command)
    if uid >= _HIGH_UID and not command.has_option("-l", "--no-log-init"):
        yield command.hit(
            f"-l is missing for user number {uid}", changes=command.insert_behind(command.words[0], " -l")
        )


def _uid(command: Command) -> int:
    """Return the number that -u gives; -1 for none, and for one that cannot be known here."""
    words = iter(command.arguments)
    for word in words:
        name, _, value = word.partition("=")
        if name == "--uid":
            return _number(command, value or next(words, ""))
        if word[:1] == "-" and word[:2] != "--" and "u" in word:
            return _number(command, word.partition("u")[2] or next(words, ""))
    return -1


def _number(command: Command, text: str) -> int:
    value = command.step.expand(text) or ""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 20 else -1


@rule(
    "DL3047",
    Severity.INFO,
    "wget with a progress bar",
    looks_at=run_programs("wget"),
    why="The progress bar writes a line for every few kilobytes and buries the rest of the log.",
    mend="Add -q, -nv or --progress=dot:giga.",
    bad="RUN wget https://packages.example/app.tgz",
    good="RUN wget --progress=dot:giga https://packages.example/app.tgz",
    fix_on_request=True,
)
def progress_bar(command: Command) -> Iterator[Hit]:
    if not command.has_option(*_QUIET, *_FETCHES_NOTHING):
        changes = command.insert_behind(command.words[0], " --progress=dot:giga")
        yield command.hit("--progress=dot:giga is missing", changes=changes)


@rule(
    "DL3059",
    Severity.INFO,
    "Consecutive RUN instructions",
    looks_at=PIECES,
    why="Each RUN makes a layer: what one adds and the next removes is still in the image.",
    mend="Join them with &&.",
    bad="RUN make\nRUN make install",
    good="RUN make && make install",
)
def consecutive_run(stage: BuildStage) -> Iterator[Hit]:
    steps = [step for step in stage.steps if not step.is_on_build]
    for first, second in pairwise(steps):
        are_alike = first.name == second.name == "RUN" and _flags(first) == _flags(second)
        if are_alike and _is_single(first) and _is_single(second):
            yield second.hit("it could be part of the previous RUN")


def _flags(step: Step) -> frozenset[str]:
    return frozenset(map(str, step.instruction.flags))


def _is_single(step: Step) -> bool:
    """True if the step's own script, whatever scripts are inside it, is read and has one command at most."""
    instruction = step.instruction
    if not instruction.is_exec and not step.runs_in_posix_shell:
        return False
    scripts = (instruction.source, *(heredoc.body for heredoc in instruction.heredocs))
    ids = {id(script) for script in scripts}
    own = [one.syntax for one in step.commands if id(one.syntax.text) in ids]
    return len({id(syntax.spot) for syntax in own if syntax.words or syntax.assignments}) < 2


@rule(
    "DL4001",
    Severity.INFO,
    "Both wget and curl",
    looks_at=PIECES,
    why="Two programs for one purpose mean twice the code to patch.",
    mend="Use one of them.",
    bad="RUN wget -q https://packages.example/a\nRUN curl -O https://packages.example/b",
    good="RUN curl -O https://packages.example/a\nRUN curl -O https://packages.example/b",
)
def two_fetchers(stage: BuildStage) -> Iterator[Hit]:
    seen: set[str] = set()
    for step in stage.steps_of("RUN"):
        used = [command for command in step.commands if command.program in _FETCHERS]
        seen.update(command.program for command in used)
        if used and seen == _FETCHERS:
            yield used[-1].hit("this stage uses both wget and curl")


@rule(
    "DL4005",
    Severity.INFO,
    "/bin/sh replaced by a link",
    looks_at=run_programs("ln"),
    why="Every script of the distribution that uses /bin/sh runs in a shell that it was not written for.",
    mend='Write SHELL ["/bin/bash", "-c"].',
    bad="RUN ln -sf /bin/bash /bin/sh",
    good='SHELL ["/bin/bash", "-c"]',
)
def linked_shell(command: Command) -> Iterator[Hit]:
    operands = command.operands()
    if len(operands) > 1 and operands[-1].text in ("/bin/sh", "/usr/bin/sh"):
        yield command.hit(f"{operands[-1].text} becomes {operands[0].text}")
