"""The severity of a vulnerability: from its CVSS vector, else from the database's own label."""

from collections.abc import Iterable

import msgspec

from gate.advisories.osv import Advisory
from gate.model import Severity

_LABELS = {
    "critical": Severity.CRITICAL,
    "high": Severity.HIGH,
    "important": Severity.HIGH,
    "medium": Severity.MEDIUM,
    "moderate": Severity.MEDIUM,
    "low": Severity.LOW,
    "minor": Severity.LOW,
    "negligible": Severity.INFO,
    "unimportant": Severity.INFO,
    "none": Severity.INFO,
}
"""The words of GitHub, Debian, Ubuntu and Red Hat."""
_INFORMATIONAL = {"unmaintained": Severity.INFO, "notice": Severity.INFO, "unsound": Severity.LOW}
"""RustSec's advisories that are no vulnerabilities."""
_CVSS = ("CVSS_V3", "CVSS_V4", "CVSS_V2")
"""OSV's types of vectors, in the order in which they are asked."""


class Rating(msgspec.Struct, frozen=True, kw_only=True):
    """The severity of a vulnerability and where it comes from."""

    severity: Severity
    cvss: float | None = None
    vector: str | None = None
    """The CVSS vector that the score is of."""
    is_known: bool = True
    """False if no database says how bad it is."""


def rate(advisories: Iterable[Advisory]) -> Rating:
    """Rate a vulnerability by its advisories, the most trusted first."""
    ordered = list(advisories)
    if any(advisory.is_malicious for advisory in ordered):
        return Rating(severity=Severity.CRITICAL)
    scored = next((scored for advisory in ordered if (scored := _scored(advisory)) is not None), None)
    if scored is not None:
        score, vector = scored
        return Rating(severity=severity_of(score), cvss=score, vector=vector)
    words = (word for advisory in ordered for word in _words(advisory))
    severity = next((_LABELS[word] for word in words if word in _LABELS), None)
    if severity is None:
        severity = next((_INFORMATIONAL.get(advisory.informational) for advisory in ordered), None)
    return Rating(severity=severity or Severity.MEDIUM, is_known=severity is not None)


def _words(advisory: Advisory) -> Iterable[str]:
    yield from (score.lower() for kind, score in advisory.scores if kind not in _CVSS)
    yield advisory.label


def base_score(advisory: Advisory) -> float | None:
    """Return the base score of an advisory's CVSS vector, or None if it has none that can be read."""
    scored = _scored(advisory)
    return scored[0] if scored else None


def _scored(advisory: Advisory) -> tuple[float, str] | None:
    """Return the base score of an advisory and its vector."""
    for wanted in _CVSS:
        for kind, vector in advisory.scores:
            if kind == wanted and (score := _score(kind, vector)) is not None:
                return score, vector
    return None


def _score(kind: str, vector: str) -> float | None:
    import cvss
    from cvss.exceptions import CVSSError

    parse = {"CVSS_V2": cvss.CVSS2, "CVSS_V3": cvss.CVSS3, "CVSS_V4": cvss.CVSS4}[kind]
    try:
        return float(parse(vector).base_score)
    except CVSSError:
        return None


def severity_of(score: float) -> Severity:
    """Return the qualitative rating of a CVSS score (CVSS v3.1 specification, section 5)."""
    for least, severity in (
        (9.0, Severity.CRITICAL),
        (7.0, Severity.HIGH),
        (4.0, Severity.MEDIUM),
        (0.1, Severity.LOW),
    ):
        if score >= least:
            return severity
    return Severity.INFO
