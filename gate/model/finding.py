"""A finding, the form in which every stage reports a problem.

These Structs are `gc=False`: they are frozen and only hold one another downwards, so they cannot form cycles, and the
garbage collector need not visit all of them again and again in a large report.
"""

import enum
import hashlib

import msgspec

from gate.model.package import Package
from gate.model.severity import Confidence, Severity, Worth

SHORT_DIGITS = 12
"""Digits of a fingerprint that reports for people show; `gate explain` and `gate waive` take them."""
_LEAST_DIGITS = 6
"""Digits of a fingerprint that have to be given at least."""


class Status(enum.Enum):
    """What the policy decided about a finding. Stages always set `new`."""

    NEW = "new"
    EXISTING = "existing"
    WAIVED = "waived"
    IGNORED = "ignored"


class InUse(enum.Enum):
    """Whether a container of the image uses the package."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Exposed(enum.Enum):
    """Whether a workload that runs the image can be reached from outside."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Deployed(enum.Enum):
    """Whether what was judged is deployed. There is no `no`: what no listing names may run elsewhere."""

    YES = "yes"
    UNKNOWN = "unknown"


class Origin(enum.Enum):
    """Whether the base image or the layers built on it brought a package or file into an image."""

    BASE = "base"
    OWN = "own"


ONLY_BY_TESTS = "only tests and examples import"
"""In the evidence of `unknown`, where what ships does not import the package itself."""


NOT_SWITCHED_ON = "which nothing here switches on"
"""In the evidence of use, where the vulnerability is in a feature that the application does not have."""


class Location(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where a finding is. Lines and columns count from 1; `end_column` is exclusive, as in SARIF."""

    target: str
    path: str | None = None
    """Relative to the target's root, `/` as separator."""
    line: int | None = None
    end_line: int | None = None
    column: int | None = None
    end_column: int | None = None
    layer: str | None = None
    """Diff id (`sha256:…`) of the image layer that holds the file."""
    commit: str | None = None


class Edit(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Replace the text from `start` up to `end` (exclusive) by `text`. Positions are (line, column), from 1."""

    path: str
    start: tuple[int, int]
    end: tuple[int, int]
    text: str


class Fix(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How to fix a finding: in words, and as edits where a program can make them safely."""

    description: str
    edits: tuple[Edit, ...] = ()
    version: str | None = None
    """The version that a vulnerable package is to be raised to, as its files write it."""
    command: str | None = None
    """What to type to raise it, for the package manager that wrote the file."""


class Vulnerability(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What is publicly known of a vulnerability."""

    id: str
    aliases: tuple[str, ...] = ()
    cvss: float | None = None
    """CVSS base score, 0.0 to 10.0."""
    vector: str | None = None
    """The CVSS vector that the score is of: `CVSS:3.1/AV:N/…`."""
    epss: float | None = None
    """Probability of exploitation in the next 30 days (FIRST EPSS), 0.0 to 1.0."""
    known_exploited: bool = False
    """Listed in CISA's Known Exploited Vulnerabilities catalogue."""
    malicious: bool = False
    """The package itself is malware."""
    fixed_versions: tuple[str, ...] = ()
    published: str | None = None
    """RFC 3339 time."""
    cwes: tuple[str, ...] = ()
    """Kinds of weakness (`CWE-79`), sorted by number."""
    symbols: tuple[str, ...] = ()
    """The vulnerable functions and packages, where an advisory or its fix names them: `net/http.Server.Serve`, for
    Python `jinja2.filters:do_xmlattr`."""
    symbols_source: str | None = None
    """The advisory's id or the address of the fix that names them."""
    references: tuple[str, ...] = ()
    """URLs of pages about it, first the advisory itself and the fix; at most 8."""


class Secret(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A leaked credential, without its value."""

    type: str
    hash: str
    """Identifies the secret in comparisons; `docs/reference/secrets.md` says how it is made."""
    redacted: str
    """At most the first four characters and an ellipsis."""
    verified: bool | None = None
    """Whether its service accepts it; None if the service was not asked."""


class Excerpt(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The lines around a finding, with every secret in them masked, each cut to a bounded width."""

    first_line: int
    """Number of the first line, from 1."""
    lines: tuple[str, ...]
    """The lines without their line ends."""


class Finding(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One problem at one place. `status`, `blocking` and the fields up to `first_seen` are set by the policy."""

    stage: str
    rule: str
    severity: Severity
    title: str
    message: str
    fingerprint: str
    location: Location
    places: tuple[Location, ...] = ()
    """Further places of the same problem, such as other files with the same secret."""
    confidence: Confidence = Confidence.HIGH
    worth: Worth = Worth.MEDIUM
    """Whether it is worth stopping a change for."""
    worth_evidence: tuple[str, ...] = ()
    """What its worth is known by: where it stands, whether it is exploited, likely to be, or in use."""
    help_uri: str | None = None
    status: Status = Status.NEW
    blocking: bool = False
    decided_by: str | None = None
    """Id of the policy rule that decided, or `waiver`, `comment` or `not-new`."""
    decided_in: str | None = None
    """File of the policy or waiver that decided."""
    blocks_from: str | None = None
    """First day (YYYY-MM-DD) on which it blocks, during a rule's grace period."""
    first_seen: str | None = None
    """Time or day (RFC 3339) since which it is known."""
    comment: str | None = None
    """Reason that a comment in the file gives for ignoring it."""
    vex: str | None = None
    """Statement of a VEX document that the package is not affected, and the document's name."""
    object: str | None = None
    """The object of a cluster that it is about, as `kind/namespace/name`; without a namespace where none is written."""
    field: str | None = None
    """The field of the object: `spec.containers[0].securityContext.privileged`."""
    package: Package | None = None
    vulnerability: Vulnerability | None = None
    in_use: InUse | None = None
    in_use_evidence: tuple[str, ...] = ()
    reachable_function: InUse | None = None
    """Whether a vulnerable function can be reached; None if none is known, or it was not analysed."""
    reachable_function_evidence: tuple[str, ...] = ()
    run_by: tuple[str, ...] = ()
    """The workloads of the repository that run the image: `Deployment/shop/web (k8s/web.yaml:12)`."""
    exposed: Exposed | None = None
    """Whether one of them can be reached from outside; None for a finding of no image."""
    exposed_evidence: tuple[str, ...] = ()
    """The ways: `Ingress/shop/web → Service/shop/web → Deployment/shop/web`."""
    deployed: Deployed | None = None
    """Whether its image or commit is deployed; None if the run has no store with listings of what runs."""
    deployed_evidence: tuple[str, ...] = ()
    """Where: `prod: Deployment/shop/web since 2026-11-02, listed on 2026-11-28`."""
    origin: Origin | None = None
    """Whether an image's base or its own layers brought it; None if that is unknown."""
    fix: Fix | None = None
    secret: Secret | None = None
    excerpt: Excerpt | None = None
    """The lines of the file around it, where they can be shown; added by the pipeline."""

    @property
    def is_fixable(self) -> bool:
        """True if a released version of the package fixes it."""
        return self.vulnerability is not None and bool(self.vulnerability.fixed_versions)


def fingerprint(stage: str, rule: str, path: str | None, *evidence: str) -> str:
    """Return an id of a problem that does not depend on its line: 32 hexadecimal digits.

    `evidence` distinguishes the problem from others of the same rule in the same file, without line numbers: an
    instruction's text, a package's name, a secret's hash. Findings with equal evidence get different fingerprints by
    `gate.pipeline.results.number_repeats`.
    """
    text = "\0".join((stage, rule, path or "", *evidence))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def is_fingerprint(text: str) -> bool:
    """True for a text of the form that `fingerprint` returns."""
    return len(text) == 32 and is_fingerprint_prefix(text)


def is_fingerprint_prefix(text: str) -> bool:
    """True for enough of a fingerprint's first digits to name one finding among those of a run."""
    return _LEAST_DIGITS <= len(text) <= 32 and set(text) <= set("0123456789abcdef")
