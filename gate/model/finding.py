"""A finding: the one thing a stage says about a problem.

These Structs are `gc=False`: frozen and made of one another downwards, they cannot form circles, and a large report
would have the collector look at each of them again and again.
"""

import enum
import hashlib

import msgspec

from gate.model.package import Package
from gate.model.severity import Confidence, Severity


class Status(enum.Enum):
    """What the policy made of a finding. A stage always leaves it `new`."""

    NEW = "new"
    EXISTING = "existing"
    WAIVED = "waived"
    IGNORED = "ignored"


class InUse(enum.Enum):
    """Whether the image really runs the package."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Origin(enum.Enum):
    """Who brought what a finding is about into an image."""

    BASE = "base"
    OWN = "own"


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
    """Diff id (`sha256:…`) of the image layer that brought the file."""
    commit: str | None = None


class Edit(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Replace the text from `start` up to `end` (exclusive) by `text`. Positions are (line, column), from 1."""

    path: str
    start: tuple[int, int]
    end: tuple[int, int]
    text: str


class Fix(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How to mend a finding: in words, and as edits where a program can do it safely."""

    description: str
    edits: tuple[Edit, ...] = ()


class Vulnerability(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What is publicly known of a vulnerability."""

    id: str
    aliases: tuple[str, ...] = ()
    cvss: float | None = None
    """CVSS base score, 0.0 to 10.0."""
    epss: float | None = None
    """Probability of exploitation in the next 30 days (FIRST EPSS), 0.0 to 1.0."""
    known_exploited: bool = False
    """Listed in CISA's Known Exploited Vulnerabilities catalogue."""
    malicious: bool = False
    """The package was published to do harm."""
    fixed_versions: tuple[str, ...] = ()
    published: str | None = None
    """RFC 3339 time."""
    cwes: tuple[str, ...] = ()
    """Kinds of weakness (`CWE-79`), sorted by number."""
    symbols: tuple[str, ...] = ()
    """The vulnerable functions (`net/http.Server.Serve`) and packages, where an advisory names them."""
    references: tuple[str, ...] = ()
    """Addresses of pages about it, the advisory itself and its fix first; at most 8."""


class Secret(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A leaked credential, without its value."""

    type: str
    hash: str
    """Names the secret for comparisons; see `docs/reference/secrets.md` for how it is made."""
    redacted: str
    """At most the first four characters and an ellipsis."""
    verified: bool | None = None


class Excerpt(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The lines around a finding's place, every secret in them hidden, each cut to a bounded width."""

    first_line: int
    """Number of the first of them, from 1."""
    lines: tuple[str, ...]
    """Without their line ends."""


class Finding(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One problem at one place. `status`, `blocking` and `decided_by` belong to the policy."""

    stage: str
    rule: str
    severity: Severity
    title: str
    message: str
    fingerprint: str
    location: Location
    places: tuple[Location, ...] = ()
    """Further places of the same problem: a secret that stands in several files."""
    confidence: Confidence = Confidence.HIGH
    help_uri: str | None = None
    status: Status = Status.NEW
    blocking: bool = False
    decided_by: str | None = None
    """Id of the policy rule that decided, or `waiver`, `comment` or `not-new`."""
    decided_in: str | None = None
    """File of the policy or waiver that decided."""
    blocks_from: str | None = None
    """First day (YYYY-MM-DD) on which it blocks, while a rule's grace holds."""
    first_seen: str | None = None
    """Time or day (RFC 3339) since which it is known to be there."""
    comment: str | None = None
    """Reason that a comment beside it gives for ignoring it."""
    vex: str | None = None
    """What a VEX document says that clears the package of the vulnerability, and which document."""
    package: Package | None = None
    vulnerability: Vulnerability | None = None
    in_use: InUse | None = None
    in_use_evidence: tuple[str, ...] = ()
    origin: Origin | None = None
    """Whether an image's base or the layers over it brought it; None if nobody knows."""
    fix: Fix | None = None
    secret: Secret | None = None
    excerpt: Excerpt | None = None
    """What stands there, as far as it can be shown; the pipeline adds it."""

    @property
    def is_fixable(self) -> bool:
        """True if raising the package to a released version mends it."""
        return self.vulnerability is not None and bool(self.vulnerability.fixed_versions)


def fingerprint(stage: str, rule: str, path: str | None, *evidence: str) -> str:
    """Name a problem by what it is, not by its line: 32 hexadecimal digits.

    `evidence` is what tells this problem from others of its rule in the same file, free of line numbers:
    an instruction's text, a package's name, a secret's hash. Findings whose evidence is equal are told
    apart by `gate.pipeline.results.number_repeats`.
    """
    text = "\0".join((stage, rule, path or "", *evidence))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def is_fingerprint(text: str) -> bool:
    """True for what `fingerprint` may return: 32 hexadecimal digits."""
    return len(text) == 32 and set(text) <= set("0123456789abcdef")
