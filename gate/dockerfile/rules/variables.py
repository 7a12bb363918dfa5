"""ENV and ARG: what they refer to, and what their names promise."""

import re
from collections.abc import Iterator

from gate.dockerfile.hits import Hit
from gate.dockerfile.rule import instructions, rule
from gate.dockerfile.step import Step
from gate.dockerfile.text import Word
from gate.dockerfile.variables import UNSET, names_in
from gate.model import Severity

_SECRET_NAME = re.compile(
    r"token|username|password|secret|private|api_key|client_key|"
    r"(?:^|_)(?:access_key_id|application_key|docker_email|deploy_user|api_user|client_id)(?:$|_)",
    re.IGNORECASE,
)


@rule(
    "DL3044",
    Severity.LOW,
    "ENV that refers to itself",
    looks_at=instructions("ENV"),
    why="All variables of one ENV are expanded before any of them is set, so the new value is not available yet.",
    mend="Use two ENV instructions.",
    bad="ENV HOME=/srv DATA=$HOME/data",
    good="ENV HOME=/srv\nENV DATA=$HOME/data",
)
def refers_to_itself(step: Step) -> Iterator[Hit]:
    defined = {name.text for name, _ in step.instruction.pairs}
    earlier: set[str] = set()
    for name, value in step.instruction.pairs:
        used_here = names_in(value.text, step.build.dockerfile.escape)
        if name.text in earlier & used_here:
            yield step.hit(f"{name.text} is set twice here, and only the last value counts", value)
        earlier.add(name.text)
        for used in sorted(used_here & defined - {name.text}):
            if step.stage.value(used, step.place - 1) is UNSET and not step.stage.declares(used, step.place):
                yield step.hit(f"{used} has no value yet where {name.text} uses it", value)


@rule(
    "DL3064",
    Severity.LOW,
    "Variable with the name of a secret",
    looks_at=instructions("ARG", "ENV"),
    why="ENV is kept in the image and ARG in its history: anyone who can pull the image can read both.",
    mend="Use RUN --mount=type=secret in the build, and set the container's environment when it starts.",
    references=("CWE-522", "CIS-DI-0010"),
    bad="ENV DATABASE_PASSWORD=$PASSWORD",
    good="RUN --mount=type=secret,id=password make",
)
def secret_name(step: Step) -> Iterator[Hit]:
    for word in _names(step):
        if _SECRET_NAME.search(word.text):
            yield step.hit(f"{word.text} is the name of a secret", word)


def _names(step: Step) -> Iterator[Word]:
    if step.name == "ENV":
        yield from (name for name, _ in step.instruction.pairs)
        return
    for word in step.instruction.arguments:
        name = word.text.partition("=")[0]
        yield Word(name, word.start, word.start + len(name))
