"""Kingfisher's JSON: secrets, and whether their services accept them; `snippet`, `validate_command` are not read."""

from collections.abc import Iterator

import msgspec

from gate.model import Confidence, Severity
from gate.tools.report import NotLookedAt, Reported

SUCCESS = (0, 200, 205)
"""Exit statuses for nothing found, something found, something found that is still valid."""
_ANSWERS = {"verified_active": True, "verified_inactive": False}
"""Outcomes of validation that a service decided; after any other (`not_attempted`, `unavailable`) it is unknown."""
_CONFIDENCE = {"low": Confidence.LOW, "medium": Confidence.MEDIUM, "high": Confidence.HIGH}


class _Rule(msgspec.Struct):
    id: str
    name: str = ""


class _Validation(msgspec.Struct):
    outcome: str = ""


class _Found(msgspec.Struct):
    path: str | None = None
    line: int | None = None
    confidence: str = ""
    validation: _Validation = msgspec.field(default_factory=_Validation)


class _Finding(msgspec.Struct):
    rule: _Rule
    finding: _Found


class _Audited(msgspec.Struct):
    fetch_failed: int = 0
    scan_partial: int = 0
    scan_failed: int = 0
    pending: int = 0


class _Audit(msgspec.Struct):
    summary: _Audited = msgspec.field(default_factory=_Audited)


class _Scanned(msgspec.Struct):
    blobs_scanned: int


class _Metadata(msgspec.Struct):
    summary: _Scanned


class _Document(msgspec.Struct):
    findings: list[_Finding]
    metadata: _Metadata
    audit: _Audit = msgspec.field(default_factory=_Audit)


def read(content: bytes) -> Iterator[Reported | NotLookedAt]:
    """Yield one problem a finding, and NotLookedAt if no file was scanned or the scan was not finished."""
    document = msgspec.json.decode(content, type=_Document)
    if not document.metadata.summary.blobs_scanned or any(msgspec.structs.astuple(document.audit.summary)):
        yield NotLookedAt()
    for one in document.findings:
        is_valid = _ANSWERS.get(one.finding.validation.outcome)
        confidence = Confidence.HIGH if is_valid else _CONFIDENCE.get(one.finding.confidence, Confidence.MEDIUM)
        yield Reported(
            rule=one.rule.id,
            title=one.rule.name or one.rule.id,
            severity=Severity.CRITICAL if is_valid else Severity.HIGH,
            confidence=confidence,
            path=one.finding.path,
            line=one.finding.line,
            is_secret=True,
            is_valid=is_valid,
        )
