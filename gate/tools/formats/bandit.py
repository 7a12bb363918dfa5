"""Bandit's JSON; `code` is not read."""

from collections.abc import Iterator

import msgspec

from gate.tools.report import NotLookedAt, Reported, severity_of

_PASSWORDS = frozenset({"B105", "B106", "B107"})
"""Tests that look for passwords: as a string, an argument, a default."""


class _Result(msgspec.Struct):
    test_id: str
    test_name: str
    filename: str
    line_number: int
    issue_severity: str
    more_info: str | None = None


class _Error(msgspec.Struct):
    filename: str


class _Document(msgspec.Struct):
    results: list[_Result]
    errors: list[_Error] = []
    metrics: dict[str, object] | None = None
    """Counts of each file, and `_totals`."""


def read(content: bytes) -> Iterator[Reported | NotLookedAt]:
    """Yield one problem a result, and the files that were not looked at, or everything if no file was.

    A result's text can quote the source, so the test's name is used as the title.
    """
    document = msgspec.json.decode(content, type=_Document)
    yield from (NotLookedAt(path=error.filename) for error in document.errors)
    if document.metrics is not None and not document.metrics.keys() - {"_totals"} and not document.results:
        yield NotLookedAt()
    for result in document.results:
        yield Reported(
            rule=result.test_id,
            title=result.test_name.replace("_", " "),
            severity=severity_of(result.issue_severity),
            path=result.filename,
            line=result.line_number,
            help_uri=result.more_info,
            is_secret=result.test_id in _PASSWORDS,
        )
