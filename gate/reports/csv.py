"""`csv`: one line a finding, for spreadsheets. No cell can be taken for a formula."""

import csv
from collections.abc import Iterable
from typing import TextIO

from gate.core.text import one_line, visible
from gate.model import Finding, Package, Report, Vulnerability
from gate.reports.order import worst_first
from gate.reports.wording import mend

_STARTS_A_FORMULA = frozenset("=+-@\t\r")
"""First characters after which spreadsheets evaluate a cell (OWASP, "CSV Injection")."""

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
    """Return the texts as cells; an apostrophe in front makes a spreadsheet show a formula as text."""
    return [f"'{text}" if text[:1] in _STARTS_A_FORMULA else text for text in texts]


def _row(finding: Finding) -> list[str]:
    where = finding.location
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
        *_package_cells(finding.package),
        *_vulnerability_cells(finding.vulnerability),
        mend(finding),
        visible(finding.decided_by or ""),
        finding.fingerprint,
    ]


def _package_cells(package: Package | None) -> tuple[str, str, str]:
    if package is None:
        return "", "", ""
    return visible(package.name), visible(package.version), visible(package.ecosystem)


def _vulnerability_cells(known: Vulnerability | None) -> tuple[str, str]:
    if known is None:
        return "", ""
    return visible(" ".join(known.fixed_versions)), _yes_or_no(known.known_exploited)


def _yes_or_no(holds: bool) -> str:
    return "yes" if holds else "no"
