"""Reading a JSON report back: for showing it anew, explaining a finding of it, or trying another policy on it."""

from pathlib import Path

import msgspec

from gate.errors import UnreadableError
from gate.model import Report
from gate.model.report import SCHEMA_VERSION
from gate.reports.contradictions import contradictions
from gate.reports.sealing import is_sealed

MAX_SIZE = 1 << 30
"""Bytes of a report."""
_CHANGED = "It was changed after it was written: make it again"


def read_report(path: str, *, must_be_sealed: bool = False) -> Report:
    """Return the report in the file `path`. Raises UnreadableError, as `parse_report` does."""
    return parse_report(read_content(path), path, must_be_sealed=must_be_sealed)


def read_content(path: str) -> bytes:
    """Return the bytes of a report. Raises UnreadableError if they cannot be had, or are too many."""
    try:
        with Path(path).open("rb") as file:
            content = file.read(MAX_SIZE + 1)
    except OSError as error:
        raise UnreadableError(f"cannot be read ({error.strerror})", path=path) from error
    if len(content) > MAX_SIZE:
        raise UnreadableError(f"has more than {MAX_SIZE:,} bytes", path=path)
    return content


def parse_report(content: bytes, path: str, *, must_be_sealed: bool = False) -> Report:
    """Return the report that `content`, the bytes of the file `path`, is.

    Raises UnreadableError if it is none, of a version not known here, if it contradicts itself or the digest that it
    states, and, where it `must_be_sealed`, if it states none: who acts upon a report needs one that is whole.
    """
    try:
        report = msgspec.json.decode(content, type=Report)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableError(f"cannot be parsed as a JSON report of the gate: {error}", path=path) from error
    if report.schema_version.split(".")[0] != SCHEMA_VERSION.split(".")[0]:
        raise UnreadableError(f"its schema_version {report.schema_version[:20]} is not known", path=path)
    for contradiction in contradictions(report):
        raise UnreadableError(f"contradicts itself: {contradiction}", path=path, hint=_CHANGED)
    if report.sha256 is not msgspec.UNSET and not is_sealed(content):
        raise UnreadableError("its content is not what its digest (sha256) says", path=path, hint=_CHANGED)
    if report.sha256 is msgspec.UNSET and must_be_sealed:
        hint = "Take the report as `gate run --report json=FILE` of this version writes it"
        raise UnreadableError("states no digest of its content (sha256)", path=path, hint=hint)
    return msgspec.structs.replace(report, sha256=msgspec.UNSET)
