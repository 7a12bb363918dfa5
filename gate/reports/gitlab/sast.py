"""`gitlab-sast`: findings in files that are neither secrets nor packages: in Dockerfiles, manifests, CI settings."""

from typing import Any, TextIO

from gate.core.text import visible
from gate.model import Finding, Report
from gate.reports.gitlab.security import SecurityFormat, lines, write_security_report


def write(report: Report, stream: TextIO) -> None:
    """Write the findings that have a file and belong to none of the other reports."""
    write_security_report(SecurityFormat("sast", _is_taken, _place), report, stream)


def _is_taken(finding: Finding) -> bool:
    return finding.secret is None and finding.package is None and finding.location.path is not None


def _place(finding: Finding, _: Report) -> dict[str, Any]:
    return {"file": visible(finding.location.path or ""), **lines(finding)}
