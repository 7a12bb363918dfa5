"""Bandit's JSON; `code` is not read."""

from collections.abc import Iterator

import msgspec

from gate.tools.reported import Reported, severity_of


class _Result(msgspec.Struct):
    test_id: str
    test_name: str
    filename: str
    line_number: int
    issue_severity: str
    more_info: str | None = None


class _Document(msgspec.Struct):
    results: list[_Result]


def read(content: bytes) -> Iterator[Reported]:
    """Yield one problem a result. Its text can quote the source, so the test's name is the title."""
    for result in msgspec.json.decode(content, type=_Document).results:
        yield Reported(
            rule=result.test_id,
            title=result.test_name.replace("_", " "),
            severity=severity_of(result.issue_severity),
            path=result.filename,
            line=result.line_number,
            help_uri=result.more_info,
        )
