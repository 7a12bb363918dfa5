"""`gitlab-container-scanning`: findings of packages in images. The format has no place for other findings."""

from typing import Any, TextIO

from gate.core.text import visible
from gate.declarations import declared
from gate.model import Finding, Report
from gate.reports.gitlab.security import SecurityFormat, dependency, write_security_report


def write(report: Report, stream: TextIO) -> None:
    """Write the findings about packages in images."""
    write_security_report(SecurityFormat("container_scanning", _is_taken, _place), report, stream)


def _is_taken(finding: Finding) -> bool:
    return declared(finding.stage).looks_at_images and finding.package is not None


def _place(finding: Finding, _: Report) -> dict[str, Any]:
    assert finding.package is not None
    return {
        "dependency": dependency(finding),
        "operating_system": visible(finding.package.ecosystem),
        "image": visible(finding.location.target),
    }
