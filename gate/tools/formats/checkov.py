"""Checkov's JSON: one document, or a list of them, one a framework."""

from collections.abc import Iterator

import msgspec

from gate.tools.reported import Reported, severity_of


class _Check(msgspec.Struct):
    check_id: str
    check_name: str = ""
    file_path: str | None = None
    file_line_range: list[int] | None = None
    guideline: str | None = None
    severity: str | None = None


class _Results(msgspec.Struct):
    failed_checks: list[_Check] = []


class _Document(msgspec.Struct):
    results: _Results = msgspec.field(default_factory=_Results)
    """Left out where there was nothing to check."""


def read(content: bytes) -> Iterator[Reported]:
    """Yield the checks that failed. A path starts with `/` and is meant from the folder."""
    documents = msgspec.json.decode(content, type=_Document | list[_Document])
    for document in documents if isinstance(documents, list) else [documents]:
        for check in document.results.failed_checks:
            yield Reported(
                rule=check.check_id,
                title=check.check_name or check.check_id,
                severity=severity_of(check.severity),
                path=check.file_path.lstrip("/") if check.file_path else None,
                line=check.file_line_range[0] if check.file_line_range else None,
                help_uri=check.guideline,
            )
