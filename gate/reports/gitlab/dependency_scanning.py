"""`gitlab-dependency-scanning`: findings of packages in lockfiles and manifests."""

from typing import Any, TextIO

from gate.core.text import visible
from gate.declarations import declared
from gate.model import Finding, Report
from gate.reports.gitlab.security import SecurityFormat, dependency, write_security_report


def write(report: Report, stream: TextIO) -> None:
    """Write the findings about packages that a file of the repository names."""
    write_security_report(SecurityFormat("dependency_scanning", _is_taken, _place), report, stream)


def _is_taken(finding: Finding) -> bool:
    return not declared(finding.stage).looks_at_images and finding.package is not None and bool(finding.location.path)


def _place(finding: Finding, _: Report) -> dict[str, Any]:
    return {"file": visible(finding.location.path or ""), "dependency": dependency(finding)}
