"""Reading a JSON report: to show it again, explain one of its findings, or apply another policy to it."""

from itertools import chain
from pathlib import Path

import msgspec

from gate.core.errors import UnreadableError
from gate.model import Report, VerdictStatus
from gate.model.report import SCHEMA_VERSION
from gate.reports.contradictions import contradictions, omissions
from gate.reports.sealing import is_sealed

MAX_SIZE = 1 << 30
"""Bytes of a report at most."""
_CHANGED = "It was changed after it was written: make it again"


def read_report(path: str, *, is_acted_upon: bool = False) -> Report:
    """Return the report in the file `path`. Raises UnreadableError, as `parse_report` does."""
    return parse_report(read_content(path), path, is_acted_upon=is_acted_upon)


def read_content(path: str) -> bytes:
    """Return the bytes of a report. Raises UnreadableError if it cannot be read or is too large."""
    try:
        with Path(path).open("rb") as file:
            content = file.read(MAX_SIZE + 1)
    except OSError as error:
        raise UnreadableError(f"cannot be read ({error.strerror})", path=path) from error
    if len(content) > MAX_SIZE:
        raise UnreadableError(f"has more than {MAX_SIZE:,} bytes", path=path)
    return content


def parse_report(content: bytes, path: str, *, is_acted_upon: bool = False) -> Report:
    """Parse `content`, the bytes of the file `path`, as a report.

    Raises UnreadableError if it is no report, has an unknown version or contradicts itself. If `is_acted_upon`, it also
    has to be complete: unchanged by its digest, and with all planned work. A report that says pass and was changed is
    always refused; one that says fail may still be looked at.
    """
    try:
        report = msgspec.json.decode(content, type=Report)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableError(f"cannot be parsed as a JSON report of the gate: {error}", path=path) from error
    if report.schema_version.split(".")[0] != SCHEMA_VERSION.split(".")[0]:
        raise UnreadableError(f"its schema_version {report.schema_version[:20]} is not known", path=path)
    is_strict = is_acted_upon or report.verdict.status is VerdictStatus.PASS
    for contradiction in chain(contradictions(report), omissions(report) if is_strict else ()):
        raise UnreadableError(f"contradicts itself: {contradiction}", path=path, hint=_CHANGED)
    if is_strict and report.sha256 is not msgspec.UNSET and not is_sealed(content):
        raise UnreadableError("its content is not what its digest (sha256) says", path=path, hint=_CHANGED)
    if report.sha256 is msgspec.UNSET and is_acted_upon:
        hint = "Take the report as `gate run --report json=FILE` of this version writes it"
        raise UnreadableError("states no digest of its content (sha256)", path=path, hint=hint)
    return msgspec.structs.replace(report, sha256=msgspec.UNSET)
