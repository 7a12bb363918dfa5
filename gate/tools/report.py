"""What a tool reports, before it becomes a finding or an error."""

import msgspec

from gate.model import Confidence, Severity

SEVERITIES = {
    "critical": Severity.CRITICAL,
    "error": Severity.HIGH,
    "high": Severity.HIGH,
    "warning": Severity.MEDIUM,
    "moderate": Severity.MEDIUM,
    "medium": Severity.MEDIUM,
    "low": Severity.LOW,
    "note": Severity.LOW,
    "style": Severity.LOW,
    "info": Severity.INFO,
    "negligible": Severity.INFO,
    "none": Severity.INFO,
}


class Affected(msgspec.Struct, frozen=True, kw_only=True):
    """A package with a vulnerability."""

    name: str
    version: str
    ecosystem: str = ""
    ids: tuple[str, ...] = ()
    """The vulnerability's ids, the tool's own first."""
    fixed_versions: tuple[str, ...] = ()


class Reported(msgspec.Struct, frozen=True, kw_only=True):
    """One problem. No parser reads a field that holds the value of a secret or a line of the source."""

    rule: str
    title: str
    severity: Severity = Severity.MEDIUM
    confidence: Confidence = Confidence.HIGH
    path: str | None = None
    """As the tool names it: absolute, or relative to the folder in which it ran."""
    line: int | None = None
    help_uri: str | None = None
    is_secret: bool = False
    is_valid: bool | None = None
    """Whether a secret's service accepts it; None if it was not asked or did not say."""
    affected: Affected | None = None


class NotLookedAt(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a tool could not look at. Its message is not read, because it can quote the source."""

    path: str | None = None
    """As the tool names it; None if it does not say."""
    package: str = ""
    is_partial: bool = False
    """True if the tool treats it as normal: it is then stated in the facts and is no error."""


def severity_of(word: str | None) -> Severity:
    """Return the severity that a tool's word means; medium for an unknown word."""
    return SEVERITIES.get((word or "").lower(), Severity.MEDIUM)
