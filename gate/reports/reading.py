"""Reading a JSON report back: for showing it anew, explaining a finding of it, or trying another policy on it."""

from pathlib import Path

import msgspec

from gate.errors import UnreadableError
from gate.model import Report
from gate.model.report import SCHEMA_VERSION

MAX_SIZE = 1 << 30
"""Bytes of a report."""


def read_report(path: str) -> Report:
    """Return the report in the file `path`. Raises UnreadableError if it is none, or of a version not known here."""
    try:
        with Path(path).open("rb") as file:
            content = file.read(MAX_SIZE + 1)
        if len(content) > MAX_SIZE:
            raise UnreadableError(f"has more than {MAX_SIZE:,} bytes", path=path)
        report = msgspec.json.decode(content, type=Report)
    except OSError as error:
        raise UnreadableError(f"cannot be read ({error.strerror})", path=path) from error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableError(f"cannot be parsed as a JSON report of the gate: {error}", path=path) from error
    if report.schema_version.split(".")[0] != SCHEMA_VERSION.split(".")[0]:
        raise UnreadableError(f"its schema_version {report.schema_version[:20]} is not known", path=path)
    return report
