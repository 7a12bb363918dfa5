"""`json`: the whole report, for other programs; `gate schema report` prints its JSON Schema."""

from typing import TextIO

import msgspec

from gate.json_text import write_json
from gate.model import Report
from gate.reports.order import worst_first


def write(report: Report, stream: TextIO) -> None:
    """Write the report as indented JSON: findings worst first, absent parts null, no inventories and rules."""
    ordered = tuple(worst_first(report.findings))
    written = msgspec.structs.replace(report, findings=ordered, inventories=msgspec.UNSET, rules=msgspec.UNSET)
    write_json(written, stream)
