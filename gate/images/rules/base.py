"""The shape of a rule on an image: what it says of itself, then a function from the image to hits."""

from collections.abc import Callable, Iterator

import msgspec

from gate.images.config import Runtime, Step
from gate.model import Confidence, RuleDescription, Secret, Severity


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """What rules look at. A rule's examples are this, as JSON."""

    runtime: Runtime = Runtime()
    history: list[Step] = []
    names: list[str] = []
    """Names by which the image is asked for or that its archive gives it."""
    privileged_files: list[str] = []
    """Files that run with the rights of their owner or group (setuid, setgid)."""


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a rule found."""

    message: str
    evidence: tuple[str, ...] = ()
    """What tells this hit from others of its rule; never a secret."""
    secret: Secret | None = None
    confidence: Confidence = Confidence.HIGH


Check = Callable[[Subject], Iterator[Hit]]


class Rule(msgspec.Struct, frozen=True):
    """A rule: its text and its check."""

    description: RuleDescription
    check: Check


def rule(
    id: str,
    severity: Severity,
    title: str,
    *,
    why: str,
    mend: str,
    bad: str,
    good: str,
    references: tuple[str, ...] = (),
) -> Callable[[Check], Rule]:
    """Make a rule of a check. `bad` and `good` are examples as JSON of a `Subject`, and tests run them."""
    description = RuleDescription(
        id=id,
        stage="image",
        severity=severity,
        title=title,
        why=why,
        mend=mend,
        references=references,
        bad=bad,
        good=good,
    )
    return lambda check: Rule(description, check)
