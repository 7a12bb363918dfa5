"""How a Dockerfile rule is written: its text, what it looks at, and a check that yields hits.

    @rule(
        "GD001",
        Severity.HIGH,
        "Remote file added without a checksum",
        looks_at=instructions("ADD"),
        why="The server, or the network on the way to it, decides what goes into the image.",
        mend="Write ADD --checksum=sha256:… URL.",
        references=("CWE-494",),
        bad="ADD https://packages.example/a.tgz /a.tgz",
        good="ADD --checksum=sha256:… https://packages.example/a.tgz /a.tgz",
    )
    def remote_add_without_checksum(step: Step) -> Iterator[Hit]:
        ...

`bad` and `good` are executed by a test for every rule; they begin with `FROM image:1` if they have no FROM.
"""

from collections.abc import Callable

from gate.declarations.dockerfile import DOCKERFILE
from gate.dockerfile.build import Build, BuildStage
from gate.dockerfile.step import Command, Step
from gate.dockerfile.written import written
from gate.model import RuleDescription
from gate.plugins import DOCKERFILE_RULES
from gate.rules import RuleScope, RuleSet

STAGE = DOCKERFILE.name
_RUN = "RUN"

BUILD = RuleScope(Build)
"""The whole Dockerfile, once."""
STAGES = RuleScope(BuildStage, "FROM")
"""Each build stage."""
PIECES = RuleScope(BuildStage)
"""Each build stage, and a fragment that has no FROM: nothing builds it, but what it says can be judged."""
COMMANDS = RuleScope(Command)
"""Each command of each RUN, CMD, ENTRYPOINT and HEALTHCHECK."""
RUN_COMMANDS = RuleScope(Command, within=_RUN)
"""Each command of each RUN."""


def instructions(*names: str, where: Callable[[Step], bool] | None = None) -> RuleScope[Step]:
    """Each instruction with one of these names; what ONBUILD keeps for later as well."""
    return RuleScope(Step, *names, where=where)


def has_flags(step: Step) -> bool:
    """True for an instruction with a flag: `RUN --mount=…`."""
    return bool(step.instruction.flags)


def writes_texts(step: Step) -> bool:
    """True for one that has a text in the Dockerfile and writes it somewhere."""
    return bool(written(step))


def runs(*programs: str) -> Callable[[Step], bool]:
    """One that runs at least one of these programs."""
    wanted = frozenset(programs)
    return lambda step: not wanted.isdisjoint(step.programs)


def programs(*names: str) -> RuleScope[Command]:
    """Each command that runs one of these programs."""
    return RuleScope(Command, *names)


def run_programs(*names: str) -> RuleScope[Command]:
    """Each command of a RUN that runs one of these programs."""
    return RuleScope(Command, *names, within=_RUN)


def _page(text: RuleDescription) -> str | None:
    """Return where to read more: hadolint's page for its ids, else the first reference that has an address."""
    if text.id.startswith("DL"):
        return f"https://github.com/hadolint/hadolint/wiki/{text.id}"
    return next(filter(None, map(_address, text.references)), None)


def _address(reference: str) -> str | None:
    kind, _, number = reference.partition("-")
    if kind == "CWE":
        return f"https://cwe.mitre.org/data/definitions/{number}.html"
    return reference if reference.startswith("https://") else None


ON_DOCKERFILES = RuleSet(
    STAGE,
    "for Dockerfiles",
    own="gate.dockerfile.rules",
    elsewhere=("gate.dockerfile.definitions", "gate.dockerfile.hadolint", "gate.dockerfile.shellcheck"),
    plugins=DOCKERFILE_RULES,
    page=_page,
)
rule = ON_DOCKERFILES.rule
"""Makes a check a rule."""
