"""What a stage answers: findings, facts about its work, and what it could not do."""

import enum

import msgspec

from gate.model.finding import Finding
from gate.model.layer import ImageLayer
from gate.model.package import Package
from gate.model.share import Share
from gate.model.trust import Loosened

Fact = int | float | str | bool | list[str]


class StageStatus(enum.Enum):
    """`skipped` means that there was nothing to look at; `error` that nobody can say pass."""

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
    """A comment that silences a rule in a whole file."""

    path: str
    line: int
    rule: str


class StageResult(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of one stage on one target. Its status follows from its errors and its `skipped` reason."""

    stage: str
    target: str
    findings: tuple[Finding, ...] = ()
    errors: tuple[StageError, ...] = ()
    packages: tuple[Package, ...] = ()
    facts: dict[str, Fact] = {}
    layers: tuple[ImageLayer, ...] = ()
    """Of an image, the base's first."""
    silenced: tuple[Finding, ...] = ()
    """Findings that a comment (`hadolint ignore=…`, `pragma: allowlist secret`) silences, each with
    its words as `comment`: whether that counts is for the policy to say."""
    silences: tuple[Silence, ...] = ()
    """Comments that silence a rule in a whole file, whether there is something to silence or not."""
    meanings: dict[str, str] = {}
    """By `path:line` of a finding, a digest of what the variables of its text stand for, where there are any."""
    existing: tuple[str, ...] = ()
    """Fingerprints of findings that the target itself lists as known (a detect-secrets baseline)."""
    loosened: tuple[Loosened, ...] = ()
    """What the change would loosen and the stage did not heed: `pipeline/run.py` makes findings of the gate of them."""
    share: Share | None = None
    """How much it looked at, where `paths` and `ignore` narrow it; None: of everything."""
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
