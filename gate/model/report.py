"""The verdict and the report: the result of the pipeline, of which every report format is a function."""

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
from gate.model.use import UseOfPackages

SCHEMA_VERSION = "1.0"
EPOCH = "1970-01-01T00:00:00+00:00"
"""The time of a stage that states none."""
EDITED_PIPELINE = "edited-pipeline"
"""The rule of the reason that the change edits the pipeline which judges it: whatever the verdict, it rests on that."""


class VerdictStatus(enum.Enum):
    """The outcome of a run. `incomplete` means that a stage could not finish, so a pass cannot be claimed."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    INCOMPLETE = "incomplete"

    @property
    def exit_status(self) -> int:
        return {"pass": 0, "fail": 1, "incomplete": 3}[self.value]


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """What the verdict rests on: the deciding rule, a sentence, and the findings that it decided on.

    All but `EDITED_PIPELINE` say why the verdict is not a pass.
    """

    rule: str
    message: str
    fingerprints: tuple[str, ...] = ()

    @property
    def decides(self) -> bool:
        """False if a pass can have it too."""
        return self.rule != EDITED_PIPELINE or bool(self.fingerprints)


class WaiverUsed(msgspec.Struct, frozen=True, kw_only=True):
    """A waiver that covers findings of this run, whether it has expired or not."""

    what: str
    """The fingerprint, or the rule with its path and package."""
    owner: str
    until: str
    """The last day, as YYYY-MM-DD."""
    findings: int
    """How many findings it covers."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """The result of a run."""

    status: VerdictStatus
    reasons: tuple[Reason, ...] = ()
    notices: tuple[str, ...] = ()
    """Remarks for the owners of waivers and rules, independent of the status."""
    waivers: tuple[WaiverUsed, ...] = ()


class Tool(msgspec.Struct, frozen=True, kw_only=True):
    """The program that wrote a report."""

    name: str
    version: str


class StageSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One stage, summed over all of its targets."""

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
    """How much `paths` and `ignore` leave of what it would look at, over the targets where they leave something out;
    null if they leave nothing out."""
    errors: tuple[StageError, ...] = ()
    """What it could not do, each error with its target, so that a report can name every file."""
    started_at: str = EPOCH
    """RFC 3339 time in UTC; so is `finished_at`."""
    finished_at: str = EPOCH


class Unseen(msgspec.Struct, frozen=True, kw_only=True):
    """Files of one kind that a working tree holds and no stage looks at."""

    kind: Literal["submodules", "repositories", "sparse", "ignored", "excluded", "unlisted"]
    """Submodules; other repositories inside; files that a sparse checkout leaves out; files that ignore rules of the
    repository exclude; files that rules of this machine exclude (`info/exclude`, `core.excludesFile`); folders that git
    may not list."""
    count: int
    """Number of files, and of folders that are excluded as a whole."""
    paths: tuple[str, ...]
    """The first of their paths."""


class Input(msgspec.Struct, frozen=True, kw_only=True):
    """A target that was judged, with the digests of its content."""

    target: str
    digests: dict[str, str]
    """Kind (`sha256` of an image's manifest, `imageId`, `gitCommit`) to hexadecimal digest; empty if the content has no
    digest, as that of a working tree with uncommitted changes."""
    layers: tuple[ImageLayer, ...] = ()
    """Layers of an image, the base's first; empty if it could not be read."""
    in_use: UseOfPackages | None = None
    """What an image uses of its packages; null if it is no image, or could not be read."""
    folder: str = ""
    """Path of a folder below its repository's root, `/` as separator; empty for the root."""
    unseen: tuple[Unseen, ...] = ()
    """What a working tree holds and no stage looked at."""
    repository: str = ""
    """Host and path of the repository's remote `origin`, without scheme and login; empty if it has none."""
    branch: str = ""
    """The branch of a working tree; empty if its HEAD names none and no CI system says which it is."""
    indexes: tuple[str, ...] = ()
    """SHA-256 of the indexes of several platforms that list an image. They are not among its digests: a verdict on one
    platform is none on the others."""
    created: str = ""
    """When an image was built (RFC 3339), as it says itself; empty if it does not."""


class PolicyUsed(msgspec.Struct, frozen=True, kw_only=True):
    """A layer of the policy in force."""

    source: str
    sha256: str
    """Digest of its content in a canonical form."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a run that a report covers: part `index`, from 1, of `count`."""

    index: int
    count: int
    idle_stages: tuple[str, ...] = ()
    """Required stages that did not run in this part; whether they ran in another is known when the parts are joined."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The result of a run, with all findings. `--report json` writes it, except inventories and rules."""

    schema_version: str = SCHEMA_VERSION
    tool: Tool
    verdict: Verdict
    stages: tuple[StageSummary, ...]
    findings: tuple[Finding, ...]
    packages: int
    inputs: tuple[Input, ...] = ()
    policies: tuple[PolicyUsed, ...] = ()
    part: Part | None = None
    """None if the report covers the whole run."""
    trust: TrustUsed | None = None
    """Under whose settings it was judged; None if unknown, as for joined reports."""
    evidence: Evidence | None = None
    """What the verdict rests on; None in reports that do not state it."""
    isolation: Isolation | None = None
    """How the workers of the run were isolated; None in reports that do not state it."""
    sha256: str | msgspec.UnsetType = msgspec.UNSET
    """SHA-256 of everything before this field, the last of a JSON report: see `gate.reports.sealing`."""
    inventories: tuple[Inventory, ...] | msgspec.UnsetType = msgspec.UNSET
    """The packages of the targets, for bills of materials; not in a JSON report."""
    rules: tuple[RuleDescription, ...] | msgspec.UnsetType = msgspec.UNSET
    """Descriptions of the rules, for formats that explain them; not in a JSON report."""

    @property
    def started_at(self) -> str:
        """Time at which the first stage started."""
        return min((stage.started_at for stage in self.stages), default=EPOCH)

    @property
    def finished_at(self) -> str:
        """Time at which the last stage finished."""
        return max((stage.finished_at for stage in self.stages), default=EPOCH)
