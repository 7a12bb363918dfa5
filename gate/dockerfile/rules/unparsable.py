"""What Docker would refuse: reported as a finding, while every other rule still looks at what could be read."""

from collections.abc import Iterator

from gate.core.text import counted
from gate.dockerfile.build import Build
from gate.dockerfile.hits import Hit
from gate.dockerfile.pragmas import UNPARSABLE
from gate.dockerfile.rule import BUILD, rule
from gate.model import Severity


@rule(
    UNPARSABLE,
    Severity.HIGH,
    "Dockerfile cannot be parsed",
    looks_at=BUILD,
    why="Docker refuses the file, and the gate cannot judge the part that it does not understand.",
    mend="Correct the line. If the file is not a Dockerfile, list it under stages.dockerfile.ignore in gate.yaml.",
    references=("https://docs.docker.com/reference/dockerfile/",),
    bad="FETCH https://packages.example/a.tgz",
    good="ADD https://packages.example/a.tgz /",
)
def unparsable(build: Build) -> Iterator[Hit]:
    """Yield one hit: what follows a line that is not understood is often not understood because of it."""
    problems = build.dockerfile.problems
    if problems:
        first = problems[0]
        others = sorted({problem.line for problem in problems[1:]} - {first.line})
        more = f"; neither can {counted(len(others), 'line')} below it, down to line {others[-1]}" if others else ""
        yield Hit(message=first.message + more, span=((first.line, 1), (first.line, 1)), evidence=(first.message,))
