"""How a rule is written: its text, what it looks at, and a check that yields hits.

    @rule(
        "GD001",
        Severity.HIGH,
        "Remote file added without a checksum",
        looks_at=instructions("ADD"),
        why="Whoever controls the server, or the network, decides what goes into the image.",
        mend="Write ADD --checksum=sha256:… URL.",
        references=("CWE-494",),
        bad="ADD https://packages.example/a.tgz /a.tgz",
        good="ADD --checksum=sha256:… https://packages.example/a.tgz /a.tgz",
    )
    def remote_add_without_checksum(step: Step) -> Iterator[Hit]:
        ...

`bad` and `good` are executed by a test for every rule; they begin with `FROM image:1` if they have no FROM.
"""

from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

import msgspec

from gate.core.errors import UsageError
from gate.declarations.dockerfile import DOCKERFILE
from gate.dockerfile.build import Build, BuildStage
from gate.dockerfile.hits import Hit
from gate.dockerfile.step import Command, Step
from gate.model import RuleDescription, Severity

STAGE = DOCKERFILE.name

Subject = TypeVar("Subject", Build, BuildStage, Step, Command)
Check = Callable[[Subject], Iterable[Hit]]


class RuleScope(Generic[Subject]):
    """What a rule is asked about: subjects of one kind, of any name or of certain names."""

    def __init__(self, kind: type[Subject], *names: str, only_in_run: bool = False) -> None:
        self.kind: type[Any] = kind
        self.names = names
        """Instructions or programs; empty: all."""
        self.only_in_run = only_in_run
        """True for commands of the build alone, not those that the container starts."""


BUILD = RuleScope(Build)
"""The whole Dockerfile, once."""
STAGES = RuleScope(BuildStage)
"""Each build stage."""
COMMANDS = RuleScope(Command)
"""Each command of each RUN, CMD, ENTRYPOINT and HEALTHCHECK."""
RUN_COMMANDS = RuleScope(Command, only_in_run=True)
"""Each command of each RUN."""


def instructions(*names: str) -> RuleScope[Step]:
    """Each instruction with one of these names; what ONBUILD keeps for later as well."""
    return RuleScope(Step, *names)


def programs(*names: str) -> RuleScope[Command]:
    """Each command that runs one of these programs."""
    return RuleScope(Command, *names)


def run_programs(*names: str) -> RuleScope[Command]:
    """Each command of a RUN that runs one of these programs."""
    return RuleScope(Command, *names, only_in_run=True)


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule's text and its check."""

    description: RuleDescription
    looks_at: RuleScope[Any]
    check: Callable[[Any], Iterable[Hit]]
    stays_in_image: bool = False
    """True if the harm is in what the image keeps: one step milder in a stage that the final image does not reach."""
    on_request: bool = False
    """True for a matter of taste: it is asked only where the settings give it a severity."""

    @property
    def id(self) -> str:
        return self.description.id

    @property
    def module(self) -> str:
        """The module that the check stands in."""
        return self.check.__module__

    @property
    def help_uri(self) -> str | None:
        """Where to read more: hadolint's page for its ids, else the first reference that has an address."""
        if self.id.startswith("DL"):
            return f"https://github.com/hadolint/hadolint/wiki/{self.id}"
        return next(filter(None, map(_address, self.description.references)), None)


def _address(reference: str) -> str | None:
    kind, _, number = reference.partition("-")
    if kind == "CWE":
        return f"https://cwe.mitre.org/data/definitions/{number}.html"
    return reference if reference.startswith("https://") else None


REGISTERED: dict[str, Rule] = {}
"""Rules by id, filled by `rule` while `gate.dockerfile.rules` imports its modules and those of plugins."""


def rule(
    id: str,
    severity: Severity,
    title: str,
    *,
    looks_at: RuleScope[Subject],
    why: str,
    mend: str,
    bad: str,
    good: str,
    references: tuple[str, ...] = (),
    stays_in_image: bool = False,
    on_request: bool = False,
) -> Callable[[Check[Subject]], Check[Subject]]:
    """Make a check a rule. Raises UsageError if the id is taken."""
    description = RuleDescription(
        id=id,
        stage=STAGE,
        severity=severity,
        title=title,
        why=why,
        mend=mend,
        references=references,
        bad=bad,
        good=good,
    )

    def register(check: Check[Subject]) -> Check[Subject]:
        if id in REGISTERED:
            raise UsageError(
                f"two rules for Dockerfiles have the id {id}", hint=f"{REGISTERED[id].module}, {check.__module__}"
            )
        REGISTERED[id] = Rule(
            description=description,
            looks_at=looks_at,
            check=check,
            stays_in_image=stays_in_image,
            on_request=on_request,
        )
        return check

    return register
