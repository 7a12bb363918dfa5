"""The result of a stage: findings, facts about its work, and errors."""

import enum

import msgspec

from gate.model.finding import Finding
from gate.model.judged import Judged
from gate.model.layer import ImageLayer
from gate.model.package import Package
from gate.model.share import Share
from gate.model.third_party import PipelineParty
from gate.model.trust import Loosened
from gate.model.use import PackageUse, UseOfPackages

Fact = int | float | str | bool | list[str]
"""A value that a stage states about its work."""


class StageStatus(enum.Enum):
    """`skipped` means that there was nothing to look at; `error`, that something was not looked at."""

    OK = "ok"
    ERROR = "error"
    SKIPPED = "skipped"


class StageError(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a stage could not do: what happened, to which file, and what to do next."""

    title: str
    message: str
    path: str | None = None
    target: str = ""

    def __str__(self) -> str:
        place = f"{self.path}: " if self.path else ""
        return f"{place}{self.title}: {self.message}" if self.message else f"{place}{self.title}"


class Silence(msgspec.Struct, frozen=True, gc=False):
    """A comment that suppresses a rule in a whole file."""

    path: str
    line: int
    rule: str


class StageResult(msgspec.Struct, frozen=True, kw_only=True):
    """The result of one stage for one target. Its status follows from `errors` and `skipped`."""

    stage: str
    target: str
    findings: tuple[Finding, ...] = ()
    errors: tuple[StageError, ...] = ()
    packages: tuple[Package, ...] = ()
    uses: tuple[PackageUse, ...] = ()
    """Whether each of `packages` is in use, in their order; empty from stages that do not ask."""
    package_layers: tuple[str | None, ...] = ()
    """Diff ids of the layers that brought `packages`, in their order; empty if it is no image."""
    facts: dict[str, Fact] = {}
    layers: tuple[ImageLayer, ...] = ()
    """Layers of an image, the base's first."""
    in_use: UseOfPackages | None = None
    """What an image uses of its packages; None if it is no image, or could not be read."""
    silenced: tuple[Finding, ...] = ()
    """Findings that a comment (`hadolint ignore=…`, `pragma: allowlist secret`) suppresses, each with the comment's
    reason as `comment`. The policy decides whether the comment counts."""
    silences: tuple[Silence, ...] = ()
    """Comments that suppress a rule in a whole file, whether they match a finding or not."""
    meanings: dict[str, str] = {}
    """By `path:line` of a finding, a digest of the values of the variables in its text, if there are any."""
    needless_without_news: tuple[StageError, ...] = ()
    """Those of the errors that keep packages from being judged: in a comparison that adds no package they do not count.
    """
    existing: tuple[str, ...] = ()
    """Fingerprints of findings that the target itself lists as known (a detect-secrets baseline)."""
    loosened: tuple[Loosened, ...] = ()
    """What the change would loosen; it had no effect here, and `pipeline/run.py` reports each as a finding."""
    share: Share | None = None
    """How much `paths` and `ignore` left of the target; None if they left nothing out."""
    judged: Judged | None = None
    """How many of the declared packages could be judged; None from stages that judge no declared packages."""
    third_parties: tuple[PipelineParty, ...] = ()
    """What of others takes part in the target's pipelines."""
    skipped: str | None = None
    """Why there was nothing to look at, or None."""
    duration_s: float = 0.0

    @property
    def status(self) -> StageStatus:
        if self.errors:
            return StageStatus.ERROR
        return StageStatus.OK if self.skipped is None else StageStatus.SKIPPED

    @property
    def reason(self) -> str | None:
        """Why the status is not `ok`."""
        return "; ".join(map(str, self.errors)) or self.skipped
