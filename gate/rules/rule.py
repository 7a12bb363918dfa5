"""A rule: its text, what it is asked of, and its check."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar

import msgspec

from gate.model import RuleDescription
from gate.rules.hits import Hit

Subject = TypeVar("Subject")
Check = Callable[[Subject], Iterable[Hit]]


class RuleScope(Generic[Subject]):
    """What a rule is asked of: subjects of one class, of any name or of certain names."""

    def __init__(
        self,
        kind: type[Subject],
        *names: str,
        within: str | None = None,
        where: Callable[[Subject], bool] | None = None,
    ) -> None:
        self.kind: type[Any] = kind
        self.names = names
        """Names of instructions, programs or kinds of resources; empty: all."""
        self.within = within
        """The part in which they count, where they count in one alone: `RUN` for commands."""
        self.where: Callable[[Any], bool] | None = where
        """False for a subject of which the rule can say nothing: cheaper to ask than the rule itself."""


_NOTHING = RuleScope(type(None))


class StageRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule of a stage. Calling it runs the check on one subject."""

    description: RuleDescription
    looks_at: RuleScope[Any]
    check: Check[Any]
    module: str
    """The module that the rule stands in."""
    help_uri: str | None = None
    """Where to read more."""
    stays_in_image: bool = False
    """True if the harm is in what is delivered: one step milder for a hit that does not ship."""
    on_request: bool = False
    """True for a matter of taste: it counts only where the settings give it a severity."""
    fix_on_request: bool = False
    """True if its changes alter what is built or what a program accepts, so that something may depend on what they
    replace: `gate fix` makes them only for a rule that `--rule` names."""

    def __call__(self, subject: Any) -> Iterable[Hit]:
        """Run the check on one subject."""
        return self.check(subject)

    @property
    def id(self) -> str:
        return self.description.id

    def named(self, id: str, help_uri: str | None = None) -> "StageRule":
        """Return the rule of a family (`SC*`) that has this id."""
        description = msgspec.structs.replace(self.description, id=id)
        return msgspec.structs.replace(self, description=description, help_uri=help_uri)


def without_check(description: RuleDescription, module: str, help_uri: str | None = None) -> StageRule:
    """Return a rule whose hits arise elsewhere: it has a text for them, and asks nothing itself."""
    return StageRule(description=description, looks_at=_NOTHING, check=_finds_nothing, module=module, help_uri=help_uri)


def _finds_nothing(_: object) -> Iterable[Hit]:
    return ()


def ask(rules: Iterable[StageRule], subject: Any) -> Iterator[tuple[StageRule, Hit]]:
    """Yield every hit of some rules on one subject."""
    for rule in rules:
        where = rule.looks_at.where
        if where is not None and not where(subject):
            continue
        for hit in rule.check(subject):
            yield rule, hit
