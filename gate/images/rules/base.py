"""The shape of a rule on an image: what it says of itself, then a function from the image to hits."""

from collections.abc import Callable, Iterator

import msgspec

from gate.declarations.image import IMAGE
from gate.images.config import HistoryStep
from gate.images.contents.leftovers import Remains
from gate.images.contents.modes import Modes
from gate.images.contents.observations import Account, Changed, CronLine, Privileged, SecretInFile, YaraMatch
from gate.images.contents.release import Release
from gate.model import Confidence, RuleDescription, Secret, Severity
from gate.model.container import Runtime


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """What rules look at. A rule's examples are this, as JSON."""

    runtime: Runtime = Runtime()
    history: list[HistoryStep] = []
    texts: list[str] = []
    """What the configuration says besides, and the annotations of the manifest."""
    names: list[str] = []
    """Names by which the image is asked for or that its archive gives it."""
    layers: list[str] = []
    """Diff ids, the base first."""
    modes: Modes = msgspec.field(default_factory=Modes)
    remains: Remains = msgspec.field(default_factory=Remains)
    accounts: tuple[Account, ...] = ()
    changed: tuple[Changed, ...] = ()
    unexplained: tuple[str, ...] = ()
    """Programs among those of the distribution that belong to no package."""
    secrets: tuple[SecretInFile, ...] = ()
    cron: tuple[CronLine, ...] = ()
    """Lines of cron tables that do what a back door does."""
    malware: tuple[YaraMatch, ...] = ()
    capable: tuple[Privileged, ...] = ()
    """Files with capabilities."""
    releases: tuple[Release, ...] = ()
    today: str = ""
    """Day of the run, as YYYY-MM-DD."""


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a rule found."""

    message: str
    evidence: tuple[str, ...] = ()
    """What tells this hit from others of its rule; never a secret."""
    path: str | None = None
    """Of a file in the image."""
    line: int | None = None
    layer: str | None = None
    """Diff id of the layer that brought the file."""
    places: tuple[tuple[str, str], ...] = ()
    """Further paths with the same problem, and the layers that brought them."""
    secret: Secret | None = None
    confidence: Confidence = Confidence.HIGH


Check = Callable[[Subject], Iterator[Hit]]
SHOWN = 10
"""Files that a message lists at most."""


def listed(paths: list[str]) -> str:
    """Return the first paths as text, and the number of the others."""
    more = f" and {len(paths) - SHOWN:,} more" if len(paths) > SHOWN else ""
    return ", ".join(paths[:SHOWN]) + more


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
        stage=IMAGE.name,
        severity=severity,
        title=title,
        why=why,
        mend=mend,
        references=references,
        bad=bad,
        good=good,
    )
    return lambda check: Rule(description, check)
