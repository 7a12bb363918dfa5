"""The verdict and the report: what leaves the pipeline and what every report format is a function of."""

import enum
from typing import Literal

import msgspec

from gate.model.evidence import Evidence
from gate.model.finding import Finding
from gate.model.inventory import Inventory
from gate.model.isolation import Isolation
from gate.model.layer import ImageLayer
from gate.model.result import Fact, StageError, StageStatus
from gate.model.rule import RuleDescription
from gate.model.share import Share
from gate.model.trust import TrustUsed

SCHEMA_VERSION = "1.0"


EPOCH = "1970-01-01T00:00:00+00:00"
"""The time of what does not say when it was."""


class VerdictStatus(enum.Enum):
    """`incomplete` means that a stage could not finish, so nobody can say pass."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    INCOMPLETE = "incomplete"

    @property
    def exit_status(self) -> int:
        return {"pass": 0, "fail": 1, "incomplete": 3}[self.value]


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Why the verdict is not a pass: the rule that decided, in plain words, and the findings it decided on."""

    rule: str
    message: str
    fingerprints: tuple[str, ...] = ()


class WaiverUsed(msgspec.Struct, frozen=True, kw_only=True):
    """A waiver that speaks of findings of this run, whether it still holds or not."""

    what: str
    """The fingerprint, or the rule with its path and package."""
    owner: str
    until: str
    """The last day, as YYYY-MM-DD."""
    findings: int
    """How many it speaks of."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """The one answer of a run."""

    status: VerdictStatus
    reasons: tuple[Reason, ...] = ()
    notices: tuple[str, ...] = ()
    """What the owners of waivers and rules should know, whatever the status is."""
    waivers: tuple[WaiverUsed, ...] = ()


class Tool(msgspec.Struct, frozen=True, kw_only=True):
    """The program that wrote a report."""

    name: str
    version: str


class StageSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One stage over all of its targets."""

    name: str
    status: StageStatus
    reason: str | None
    duration_s: float
    """Seconds of work over all of its targets."""
    targets: tuple[str, ...]
    counts: dict[str, int]
    """Number of findings by severity, all five always present."""
    facts: dict[str, Fact]
    share: Share | None = None
    """How much it looked at of what it would without `paths` and `ignore`, over the targets for which these leave
    something out; null: all."""
    errors: tuple[StageError, ...] = ()
    """What it could not do, each with its target, so that a report can name every file."""
    started_at: str = EPOCH
    """RFC 3339 time in UTC; so is `finished_at`."""
    finished_at: str = EPOCH


class Unseen(msgspec.Struct, frozen=True, kw_only=True):
    """What lies in a working tree and no stage looks at."""

    kind: Literal["submodules", "repositories", "sparse", "ignored", "excluded", "unlisted"]
    """Submodules; other repositories within; files that a sparse checkout leaves out; what the repository's own ignore
    rules leave out; what those of this machine do (`info/exclude`, `core.excludesFile`); folders git may not list."""
    count: int
    """Files, or folders of which all is left out."""
    paths: tuple[str, ...]
    """The first of them."""


class Input(msgspec.Struct, frozen=True, kw_only=True):
    """What was judged, by its bytes."""

    target: str
    digests: dict[str, str]
    """Kind (`sha256` of an image's manifest, `imageId`, `gitCommit`) to hexadecimal digest; empty where nobody can
    name the bytes, as for a working tree with uncommitted changes."""
    layers: tuple[ImageLayer, ...] = ()
    """Of an image, the base's first; none where it could not be read."""
    folder: str = ""
    """Of a folder of a repository, its path below the repository's root, `/` as separator; empty for the root."""
    unseen: tuple[Unseen, ...] = ()
    """Of a working tree: what lies in it and was not looked at."""


class PolicyUsed(msgspec.Struct, frozen=True, kw_only=True):
    """A layer of the policy that decided."""

    source: str
    sha256: str
    """Of its content in one canonical form."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Which share of a run a report tells of: one of `count`, from 1 on."""

    index: int
    count: int
    idle_stages: tuple[str, ...] = ()
    """Stages that the policy requires and that did not run here; only who joins the parts knows whether any did."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """All that a run found. `--report json` is this, encoded; `results` stay inside the process."""

    schema_version: str = SCHEMA_VERSION
    tool: Tool
    verdict: Verdict
    stages: tuple[StageSummary, ...]
    findings: tuple[Finding, ...]
    packages: int
    inputs: tuple[Input, ...] = ()
    policies: tuple[PolicyUsed, ...] = ()
    part: Part | None = None
    """None if the report tells of the whole run."""
    trust: TrustUsed | None = None
    """Under whose settings it was judged; None if nobody said, as in joined reports."""
    evidence: Evidence | None = None
    """What the verdict rests on; None of reports that do not say."""
    isolation: Isolation | None = None
    """What the workers of the run were kept from; None of reports that do not say."""
    sha256: str | msgspec.UnsetType = msgspec.UNSET
    """SHA-256 of all before it, which a JSON report states of itself at its end: see `gate.reports.sealing`."""
    inventories: tuple[Inventory, ...] | msgspec.UnsetType = msgspec.UNSET
    """What the targets are made of, for bills of materials; a JSON report does not hold it."""
    rules: tuple[RuleDescription, ...] | msgspec.UnsetType = msgspec.UNSET
    """What the rules say of themselves, for formats that explain; a JSON report does not hold it."""

    @property
    def started_at(self) -> str:
        """Time at which the first stage started."""
        return min((stage.started_at for stage in self.stages), default=EPOCH)

    @property
    def finished_at(self) -> str:
        """Time at which the last stage was done."""
        return max((stage.finished_at for stage in self.stages), default=EPOCH)
