"""`json`: the whole report, for other programs; `gate schema report` prints its JSON Schema."""

from typing import TextIO

import msgspec

from gate.core.json_text import indented, write_utf8
from gate.model import Report
from gate.reports.order import worst_first
from gate.reports.sealing import sealed


def write(report: Report, stream: TextIO) -> None:
    """Write the report as indented JSON: findings worst first, absent parts null, without inventories and rules.

    The last member is the digest of everything before it.
    """
    ordered = tuple(worst_first(report.findings))
    written = msgspec.structs.replace(report, findings=ordered, inventories=msgspec.UNSET, rules=msgspec.UNSET)
    write_utf8(indented(sealed(written)), stream)
