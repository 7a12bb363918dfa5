"""The data model: frozen Structs that travel between the parts of the gate, without logic of their own."""

from gate.model.evidence import NO_RUN, ComparedWith, Evidence, Work
from gate.model.finding import (
    NOT_SWITCHED_ON,
    ONLY_BY_TESTS,
    SHORT_DIGITS,
    Edit,
    Excerpt,
    Finding,
    Fix,
    InUse,
    Location,
    Origin,
    Secret,
    Status,
    Vulnerability,
    fingerprint,
    is_fingerprint,
    is_fingerprint_prefix,
)
from gate.model.inventory import Inventory
from gate.model.isolation import Isolation
from gate.model.judged import Judged
from gate.model.layer import Changes, ImageLayer, PackageChanges
from gate.model.package import BinaryPackage, Package, Scope
from gate.model.report import (
    Input,
    Part,
    PolicyUsed,
    Reason,
    Report,
    StageSummary,
    Tool,
    Unseen,
    Verdict,
    VerdictStatus,
    WaiverUsed,
)
from gate.model.result import Fact, Silence, StageError, StageResult, StageStatus
from gate.model.rule import RuleDescription
from gate.model.severity import Confidence, Severity, Worth
from gate.model.share import Share
from gate.model.target import CommitRange, ContainerStart, DockerHost, Image, Target, Tree
from gate.model.third_party import PipelineParty
from gate.model.trust import GATE, Loosened, Trust, TrustMode, TrustUsed
from gate.model.use import Doubt, ImageUses, Missed, PackageUse, UseGroup, UseOfPackages

__all__ = [
    "GATE",
    "NOT_SWITCHED_ON",
    "NO_RUN",
    "ONLY_BY_TESTS",
    "SHORT_DIGITS",
    "BinaryPackage",
    "Changes",
    "CommitRange",
    "ComparedWith",
    "Confidence",
    "ContainerStart",
    "DockerHost",
    "Doubt",
    "Edit",
    "Evidence",
    "Excerpt",
    "Fact",
    "Finding",
    "Fix",
    "Image",
    "ImageLayer",
    "ImageUses",
    "InUse",
    "Input",
    "Inventory",
    "Isolation",
    "Judged",
    "Location",
    "Loosened",
    "Missed",
    "Origin",
    "Package",
    "PackageChanges",
    "PackageUse",
    "Part",
    "PipelineParty",
    "PolicyUsed",
    "Reason",
    "Report",
    "RuleDescription",
    "Scope",
    "Secret",
    "Severity",
    "Share",
    "Silence",
    "StageError",
    "StageResult",
    "StageStatus",
    "StageSummary",
    "Status",
    "Target",
    "Tool",
    "Tree",
    "Trust",
    "TrustMode",
    "TrustUsed",
    "Unseen",
    "UseGroup",
    "UseOfPackages",
    "Verdict",
    "VerdictStatus",
    "Vulnerability",
    "WaiverUsed",
    "Work",
    "Worth",
    "fingerprint",
    "is_fingerprint",
    "is_fingerprint_prefix",
]
