"""Semgrep's JSON; `lines` and metavariables, which hold source, are not read."""

from collections.abc import Iterator

import msgspec

from gate.tools.reported import Reported, severity_of


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


class _Document(msgspec.Struct):
    results: list[_Result]


def read(content: bytes) -> Iterator[Reported]:
    """Yield one problem a result."""
    for result in msgspec.json.decode(content, type=_Document).results:
        yield Reported(
            rule=result.check_id,
            title=result.extra.message or result.check_id,
            severity=severity_of(result.extra.severity),
            path=result.path,
            line=result.start.line,
            help_uri=result.extra.metadata.source,
        )
