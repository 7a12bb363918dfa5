"""What Docker would refuse: reported as a finding, while every other rule still looks at what could be read."""

from collections.abc import Iterator

from gate.dockerfile.build import Build
from gate.dockerfile.hits import Hit
from gate.dockerfile.pragmas import UNPARSABLE
from gate.dockerfile.rule import BUILD, rule
from gate.model import Severity

MAX_SHOWN = 20
"""Problems of one file that are findings of their own; one more finding counts the rest."""


@rule(
    UNPARSABLE,
    Severity.HIGH,
    "Dockerfile cannot be parsed",
    looks_at=BUILD,
    why="Docker refuses the file, and nobody can say what the part that is not understood would do.",
    mend="Correct the line. If the file is no Dockerfile, list it under stages.dockerfile.ignore in gate.yaml.",
    references=("https://docs.docker.com/reference/dockerfile/",),
    bad="FETCH https://packages.example/a.tgz",
    good="ADD https://packages.example/a.tgz /",
)
def unparsable(build: Build) -> Iterator[Hit]:
    problems = build.dockerfile.problems
    for problem in problems[:MAX_SHOWN]:
        yield _hit(problem.line, problem.message)
    if len(problems) > MAX_SHOWN:
        rest = problems[MAX_SHOWN:]
        yield _hit(rest[0].line, f"{len(rest)} more lines cannot be parsed, from here to line {rest[-1].line}")


def _hit(line: int, message: str) -> Hit:
    return Hit(message=message, span=((line, 1), (line, 1)), evidence=(message,))
