"""What another program reports, before it is a finding, and what it says that it could not look at."""

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
    """The vulnerability's names, the program's own first."""
    fixed_versions: tuple[str, ...] = ()


class Reported(msgspec.Struct, frozen=True, kw_only=True):
    """One problem. No format reads a field that holds the value of a secret or a line of the source."""

    rule: str
    title: str
    severity: Severity = Severity.MEDIUM
    confidence: Confidence = Confidence.HIGH
    path: str | None = None
    """As the program names it: absolute, or relative to the folder it ran in."""
    line: int | None = None
    help_uri: str | None = None
    is_secret: bool = False
    is_valid: bool | None = None
    """Of a secret: whether its service accepts it; None: it was not asked, or did not say."""
    affected: Affected | None = None


class NotLookedAt(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a program says it could not look at. Its words are not read: they can quote the source."""

    path: str | None = None
    """As the program names it; None: it does not say."""
    package: str = ""
    is_partial: bool = False
    """True if the program takes that for usual: to be told, and no error."""


def severity_of(word: str | None) -> Severity:
    """Return the severity that a program's word stands for; medium for one that nobody knows."""
    return SEVERITIES.get((word or "").lower(), Severity.MEDIUM)
