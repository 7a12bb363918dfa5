"""What is kept of a repository or image that was read once."""

import msgspec

from gate.model import Exposed, Finding, InUse, PackageUse, Status, VerdictStatus

FORMAT = 1
"""Raise it when the shape of records or package lists changes: a store of another format is refused, not guessed at."""
REPOSITORY, IMAGE = "repository", "image"


class Placement(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A list of packages in a layer, or of a lockfile, as one target has it."""

    where: str
    """Diff id of the layer, path of the lockfile, or empty if that is unknown."""
    packages: str
    """Digest of the list in the store."""
    answers: tuple[int, ...] = ()
    """For each package of the list its place in `FleetRecord.answers`; empty if use was not asked."""


class KnownVulnerability(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A vulnerability as it was judged then; what advisories say of it is not kept, as they say more every day."""

    fingerprint: str
    ids: tuple[str, ...]
    """The advisory's id, then its aliases."""
    package: str
    """Package URL."""
    status: Status
    blocking: bool
    in_use: InUse | None = None
    reachable_function: InUse | None = None
    vex: str | None = None
    first_seen: str | None = None
    decided_by: str | None = None
    """Id of the policy's rule that decided."""
    exposed: Exposed | None = None
    """Whether the image could be reached from outside, by the repository's files and what was known to run."""


class RecordOrder(msgspec.Struct, frozen=True, kw_only=True, order=True, gc=False):
    """The part of a record by which the index takes records up: builds of a target together, the earliest first."""

    name: str
    read_at: str


class FleetRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One reading of one repository or image."""

    format: int = FORMAT
    analyser: str
    """Version of the gate that read it."""
    kind: str
    """`repository` or `image`."""
    name: str
    """Host and path of the repository and folder in it, or the image as it was named."""
    digest: str = ""
    """`sha256:…` of an image's manifest (else of its configuration), or a commit; empty if it has none."""
    digests: dict[str, str] = {}
    """All digests of its content, as in the report."""
    branch: str = ""
    indexes: tuple[str, ...] = ()
    """SHA-256 of the indexes of several platforms that list an image."""
    created: str = ""
    """When an image was built (RFC 3339); empty if it does not say, or was read by an older version."""
    read_at: str
    """RFC 3339 time in UTC."""
    status: VerdictStatus
    is_complete: bool
    """False if packages may be missing: something could not be read, or only a report was added."""
    has_packages: bool
    """False if only a report was added, so that new advisories cannot be matched."""
    owners: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    """Diff ids of an image's layers, the base's first."""
    placements: tuple[Placement, ...] = ()
    answers: tuple[PackageUse, ...] = ()
    findings: tuple[Finding, ...] = ()
    """Findings other than vulnerabilities, without the lines of the file around them."""
    vulnerabilities: tuple[KnownVulnerability, ...] = ()
    ends: tuple[tuple[str, str, str], ...] = ()
    """Waivers and graces: last day (YYYY-MM-DD), what, owner."""
    report: str = ""
    """Digest of the whole JSON report in the store; empty if it is not kept."""

    @property
    def key(self) -> str:
        """What it is a reading of: a later reading of the same takes its place."""
        if self.kind == IMAGE:
            return f"image {self.digest or self.name}"
        return f"repository {self.name} {self.branch}"

    @property
    def blocking(self) -> int:
        """Number of findings that block."""
        return sum(one.blocking for one in self.findings) + sum(one.blocking for one in self.vulnerabilities)
