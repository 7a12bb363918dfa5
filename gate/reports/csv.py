"""`csv`: one line a finding, for spreadsheets, which must not take a cell for a formula."""

import csv
from collections.abc import Iterable
from typing import TextIO

from gate.core.text import one_line, visible
from gate.model import Finding, Report
from gate.reports.order import worst_first
from gate.reports.wording import mend

_STARTS_A_FORMULA = frozenset("=+-@\t\r")

COLUMNS = (
    "severity",
    "status",
    "blocking",
    "stage",
    "rule",
    "title",
    "message",
    "target",
    "path",
    "line",
    "commit",
    "package",
    "version",
    "ecosystem",
    "fixed_versions",
    "known_exploited",
    "mend",
    "decided_by",
    "fingerprint",
)


def write(report: Report, stream: TextIO) -> None:
    """Write a heading line and the findings, worst first."""
    lines = csv.writer(stream, lineterminator="\r\n")
    lines.writerow(COLUMNS)
    lines.writerows(cells(_row(finding)) for finding in worst_first(report.findings))


def cells(texts: Iterable[str]) -> list[str]:
    """Return cells that no spreadsheet computes: an apostrophe makes a formula text."""
    return [f"'{text}" if text[:1] in _STARTS_A_FORMULA else text for text in texts]


def _row(finding: Finding) -> list[str]:
    where, package, known = finding.location, finding.package, finding.vulnerability
    return [
        finding.severity.value,
        finding.status.value,
        _yes_or_no(finding.blocking),
        visible(finding.stage),
        visible(finding.rule),
        one_line(finding.title),
        one_line(finding.message),
        visible(where.target),
        visible(where.path or ""),
        str(where.line or ""),
        visible(where.commit or ""),
        visible(package.name) if package else "",
        visible(package.version) if package else "",
        visible(package.ecosystem) if package else "",
        visible(" ".join(known.fixed_versions)) if known else "",
        _yes_or_no(known.known_exploited) if known else "",
        mend(finding),
        visible(finding.decided_by or ""),
        finding.fingerprint,
    ]


def _yes_or_no(holds: bool) -> str:
    return "yes" if holds else "no"
