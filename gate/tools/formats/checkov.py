"""Checkov's JSON: one document, or a list of them, one a framework."""

from collections.abc import Iterator

import msgspec

from gate.tools.reported import Reported, Unread, severity_of


class _Check(msgspec.Struct):
    check_id: str
    check_name: str = ""
    file_path: str | None = None
    file_line_range: list[int] | None = None
    guideline: str | None = None
    severity: str | None = None


class _Results(msgspec.Struct):
    failed_checks: list[_Check] = []
    parsing_errors: list[str] = []
    """Files; `--compact` leaves them out."""


class _Summary(msgspec.Struct):
    parsing_errors: int = 0


class _Document(msgspec.Struct):
    results: _Results = msgspec.field(default_factory=_Results)
    """Left out where there was nothing to check."""
    summary: _Summary = msgspec.field(default_factory=_Summary)


def read(content: bytes) -> Iterator[Reported | Unread]:
    """Yield the checks that failed, and files that are not parsed. A path starts with `/`, meant from the folder."""
    documents = msgspec.json.decode(content, type=_Document | list[_Document])
    for document in documents if isinstance(documents, list) else [documents]:
        yield from (Unread(path=path.lstrip("/")) for path in document.results.parsing_errors)
        if document.summary.parsing_errors and not document.results.parsing_errors:
            yield Unread()
        for check in document.results.failed_checks:
            yield Reported(
                rule=check.check_id,
                title=check.check_name or check.check_id,
                severity=severity_of(check.severity),
                path=check.file_path.lstrip("/") if check.file_path else None,
                line=check.file_line_range[0] if check.file_line_range else None,
                help_uri=check.guideline,
            )
