"""Checkov's JSON: one document, or a list of them, one a framework."""

from collections.abc import Iterator

import msgspec

from gate.tools.report import NotLookedAt, Reported, severity_of


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
    passed: int | None = None
    failed: int = 0
    skipped: int = 0
    parsing_errors: int = 0

    @property
    def is_empty(self) -> bool:
        """True if it says that no check was made."""
        return (self.passed, self.failed, self.skipped) == (0, 0, 0)


class _Checked(msgspec.Struct):
    results: _Results
    summary: _Summary = msgspec.field(default_factory=_Summary)


class _Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """What Checkov writes instead of a document if there was nothing to check."""

    passed: int
    failed: int
    skipped: int
    parsing_errors: int
    resource_count: int
    checkov_version: str = ""


def read(content: bytes) -> Iterator[Reported | NotLookedAt]:
    """Yield the failed checks, and the files that could not be parsed, or everything if no check was made.

    Checkov's paths start with `/` and are relative to the folder.
    """
    documents = _documents(content)
    if all(document.summary.is_empty and not document.results.failed_checks for document in documents):
        yield NotLookedAt()
    for document in documents:
        yield from (NotLookedAt(path=path.lstrip("/")) for path in document.results.parsing_errors)
        if document.summary.parsing_errors and not document.results.parsing_errors:
            yield NotLookedAt()
        for check in document.results.failed_checks:
            line = check.file_line_range[0] if check.file_line_range else None
            yield Reported(
                rule=check.check_id,
                title=check.check_name or check.check_id,
                severity=severity_of(check.severity),
                path=check.file_path.lstrip("/") if check.file_path else None,
                line=line,
                help_uri=check.guideline,
            )


def _documents(content: bytes) -> list[_Checked]:
    written = msgspec.json.decode(content)
    if isinstance(written, dict) and "results" not in written:
        msgspec.convert(written, _Nothing)
        return []
    return msgspec.convert(written if isinstance(written, list) else [written], list[_Checked])
