"""`audit`: all findings that did not block, and why, for the security team."""

import csv
from typing import TextIO

from gate.core.text import one_line, visible
from gate.model import Finding, Report, Status
from gate.reports.csv import cells
from gate.reports.order import worst_first
from gate.reports.wording import place

COLUMNS = (
    "why",
    "by",
    "in",
    "until",
    "severity",
    "stage",
    "rule",
    "title",
    "place",
    "target",
    "package",
    "fingerprint",
)
_WHY = {
    Status.NEW: "below every threshold",
    Status.EXISTING: "was there before",
    Status.WAIVED: "waived",
    Status.IGNORED: "ignored",
}


def write(report: Report, stream: TextIO) -> None:
    """Write CSV: a heading line, then one line for each finding that does not block, worst first."""
    lines = csv.writer(stream, lineterminator="\r\n")
    lines.writerow(COLUMNS)
    lines.writerows(cells(_row(finding)) for finding in worst_first(report.findings) if not finding.blocking)


def why_it_passes(finding: Finding) -> str:
    """Return in a few words why a finding does not block."""
    if finding.comment and finding.decided_by == "comment":
        return f"waived by a comment: {one_line(finding.comment)}"
    if finding.blocks_from:
        return f"in grace until {finding.blocks_from}"
    if finding.status is Status.NEW and finding.decided_by:
        return "a rule that warns, or is not enforced"
    return _WHY[finding.status]


def _row(finding: Finding) -> list[str]:
    package = finding.package
    return [
        why_it_passes(finding),
        visible(finding.decided_by or ""),
        visible(finding.decided_in or ""),
        finding.blocks_from or "",
        finding.severity.value,
        visible(finding.stage),
        visible(finding.rule),
        one_line(finding.title),
        place(finding.location),
        visible(finding.location.target),
        visible(f"{package.name} {package.version}") if package else "",
        finding.fingerprint,
    ]
