"""A job's script as the commands that it runs, by the parser and the questions of `gate.dockerfile`.

A script is read as the RUN of a build with nothing around it, each of its lines with its own place in the definition.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate

import msgspec

from gate.ci.model import JobScript
from gate.core.lazy_regex import lazy_regex
from gate.declarations.dockerfile import DockerfileSettings
from gate.dockerfile.build import Build
from gate.dockerfile.step import Command, Step
from gate.dockerfile.syntax import Dockerfile, Heredoc, Instruction
from gate.dockerfile.text import JoinedText, Word, holds_any
from gate.rules import Hit, StageRule

MAX_SCRIPT = 100_000
"""Characters of a script that are taken apart."""
_MAX_EVIDENCE = 200
_FROM = Instruction(
    name="FROM",
    source=JoinedText("image", (0,), ((1, 1),)),
    start=0,
    end=5,
    line=1,
    end_line=1,
    arguments=(Word("image", 0, 5),),
)
_HEREDOC = lazy_regex(
    r"(?<!<)<<(?P<dash>-?)[ \t]{0,9}(?P<quote>[\"'\\]?)(?P<name>[A-Za-z_]\w{0,60})[\"']?(?=[\s;|&)>]|\Z)"
)
_BLANKS = re.compile(r"\s+")


def step_of(script: JobScript) -> Step:
    """Return a script as a step; lines and columns of its hits are those of the definition's file."""
    return _step(script.script[:MAX_SCRIPT], script.line, script.lines)


@lru_cache(maxsize=2048)  # every rule asks for it, and every job that inherits the script
def _step(script: str, line: int, lines: tuple[int, ...]) -> Step:
    text = _joined(JobScript(name="", script=script, path="", line=line, lines=lines))
    run = Instruction(
        name="RUN",
        source=text,
        start=0,
        end=len(text.content),
        line=line,
        end_line=text.places[-1][0],
        arguments=(Word(text.content, 0, len(text.content)),),
        heredocs=tuple(_heredocs(text)),
    )
    build = Build(Dockerfile(instructions=(_FROM, run)), DockerfileSettings())
    return build.stages[0].steps[1]


def commands_of(script: JobScript) -> tuple[Command, ...]:
    """Return the commands of a script, those inside `sh -c`, `sudo` and heredocs for shells too."""
    return step_of(script).commands


def _joined(script: JobScript) -> JoinedText:
    content = script.script
    lines = content.split("\n")
    offsets = list(accumulate((len(line) + 1 for line in lines), initial=0))[:-1]
    return JoinedText(content, tuple(offsets), tuple((script.line_of(number), 1) for number in range(len(lines))))


def _heredocs(text: JoinedText) -> Iterator[Heredoc]:
    place = 0
    while (found := _HEREDOC.search(text.content, place)) is not None:
        begin = text.content.find("\n", found.end())
        if begin < 0:
            return
        tabs = "[ \t]*" if found["dash"] else ""
        end = re.compile(rf"^{tabs}{re.escape(found['name'])}[ \t]*$", re.MULTILINE).search(text.content, begin + 1)
        if end is None:
            return
        body = text.part(begin + 1, end.start())
        yield Heredoc(found["name"], 0, not found["quote"], bool(found["dash"]), body)
        place = end.end()


def hits_of(rule: StageRule, script: JobScript, *signs: str) -> Iterator[Hit]:
    """Yield what a rule on RUN instructions says of a script, if one of `signs` stands in it at all."""
    if holds_any(script.script, signs):
        for hit in rule(step_of(script)):
            yield placed(hit, script)


def hits_of_commands(rule: StageRule, script: JobScript, *signs: str) -> Iterator[Hit]:
    """Yield what a rule on single commands says of those of a script."""
    if holds_any(script.script, signs):
        names = rule.looks_at.names
        for command in commands_of(script):
            if not names or command.program in names:
                yield from (placed(hit, script) for hit in rule(command))


def placed(hit: Hit, script: JobScript) -> Hit:
    """Return a hit in a script as one in its definition's file; what tells it from others is the line's own text."""
    line = hit.span[0][0] if hit.span else script.line
    message = f"Job {script.name}: {hit.message}"
    evidence = hit.evidence or (evidence_at(script, line), hit.message)
    return msgspec.structs.replace(
        hit, message=message, path=script.path, line=line, span=None, part=None, changes=(), evidence=evidence
    )


def command_hit(script: JobScript, command: Command, message: str) -> Hit:
    """Return a hit at a command of a script."""
    return placed(command.hit(message), script)


def evidence_at(script: JobScript, line: int) -> str:
    """Return the text of a script's line, by its line in the file, without needless blanks."""
    lines = script.script.split("\n")
    found = next((text for number, text in enumerate(lines) if script.line_of(number) == line), "")
    return _BLANKS.sub(" ", found).strip()[:_MAX_EVIDENCE]


def written(command: Command) -> Iterator[str]:
    """Yield the words of a command as they are written, quotes included."""
    content = command.syntax.text.content
    yield from (content[word.start : word.end] for word in command.words)
