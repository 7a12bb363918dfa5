"""How a rule on images is written: its text, then a check from the image to hits.

`bad` and `good` are examples as JSON of a `Subject`, and tests run them.
"""

from functools import partial

import msgspec

from gate.core.end_of_life import EndOfLifeTable
from gate.declarations.image import IMAGE
from gate.images.config import HistoryStep
from gate.images.contents.leftovers import Remains
from gate.images.contents.modes import Modes
from gate.images.contents.observations import Account, Changed, CronLine, Privileged, SecretInFile, YaraMatch
from gate.images.contents.release import Release
from gate.model.container import Runtime
from gate.plugins import IMAGE_RULES
from gate.rules import Hit, RuleScope, RuleSet

__all__ = ["ON_IMAGES", "SHOWN", "WHOLE_IMAGE", "Hit", "Subject", "listed", "rule"]

SHOWN = 10
"""Files that a message lists at most."""


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
    development: tuple[str, ...] = ()
    """Names of installed packages that are for development alone."""
    releases: tuple[Release, ...] = ()
    today: str = ""
    """Day of the run, as YYYY-MM-DD."""
    end_of_life: EndOfLifeTable | None = None
    """The table of end-of-life dates; None: the built-in one."""


WHOLE_IMAGE = RuleScope(Subject)
"""The image's configuration, history and files, once."""
ON_IMAGES = RuleSet(
    IMAGE.name,
    "on images",
    own="gate.images.rules",
    elsewhere=("gate.images.provenance.base.rules", "gate.images.provenance.signatures.rules"),
    plugins=IMAGE_RULES,
)
rule = partial(ON_IMAGES.rule, looks_at=WHOLE_IMAGE)
"""Makes a check a rule."""


def listed(paths: list[str]) -> str:
    """Return the first paths as text, and the number of the others."""
    more = f" and {len(paths) - SHOWN:,} more" if len(paths) > SHOWN else ""
    return ", ".join(paths[:SHOWN]) + more
