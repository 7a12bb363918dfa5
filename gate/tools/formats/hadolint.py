"""Hadolint's JSON (`--format json`)."""

from collections.abc import Iterator

import msgspec

from gate.tools.report import Reported, severity_of


class _Failure(msgspec.Struct):
    code: str
    file: str
    level: str
    message: str
    line: int | None = None


def read(content: bytes) -> Iterator[Reported]:
    """Yield one problem a failed rule."""
    for failure in msgspec.json.decode(content, type=list[_Failure]):
        yield Reported(
            rule=failure.code,
            title=failure.message,
            severity=severity_of(failure.level),
            path=failure.file,
            line=failure.line,
        )
