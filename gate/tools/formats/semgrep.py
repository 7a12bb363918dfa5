"""Semgrep's JSON; `lines` and metavariables, which hold source, are not read."""

from collections.abc import Iterator

import msgspec

from gate.tools.report import NotLookedAt, Reported, severity_of


class _Position(msgspec.Struct):
    line: int


class _Metadata(msgspec.Struct):
    source: str | None = None


class _Extra(msgspec.Struct):
    message: str = ""
    severity: str = ""
    metadata: _Metadata = msgspec.field(default_factory=_Metadata)


class _Result(msgspec.Struct):
    check_id: str
    path: str
    start: _Position
    extra: _Extra


class _Error(msgspec.Struct):
    level: str = "error"
    """`warn`: rules or parts of a file were left out."""
    path: str | None = None


class _Paths(msgspec.Struct):
    scanned: list[str] | None = None
    """Files to which a rule was applied; None if the report does not say."""


class _Document(msgspec.Struct):
    results: list[_Result]
    errors: list[_Error] = []
    paths: _Paths = msgspec.field(default_factory=_Paths)


def read(content: bytes) -> Iterator[Reported | NotLookedAt]:
    """Yield one problem a result, and the files that were not looked at, or everything if no file was."""
    document = msgspec.json.decode(content, type=_Document)
    if document.paths.scanned == [] and not document.results:
        yield NotLookedAt()
    for error in document.errors:
        yield NotLookedAt(path=error.path, is_partial=error.level != "error")
    for result in document.results:
        yield Reported(
            rule=result.check_id,
            title=result.extra.message or result.check_id,
            severity=severity_of(result.extra.severity),
            path=result.path,
            line=result.start.line,
            help_uri=result.extra.metadata.source,
        )
