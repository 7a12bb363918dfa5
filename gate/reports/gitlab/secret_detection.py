"""`gitlab-secret-detection`: leaked credentials, without extracts of the source, which would hold the secret."""

from typing import Any, TextIO

from gate.core.text import visible
from gate.model import Finding, Report
from gate.reports.gitlab.security import SecurityFormat, lines, write_security_report

_NO_COMMIT = "0000000"
"""What GitLab's own analyzer writes if there is no commit."""


def write(report: Report, stream: TextIO) -> None:
    """Write the secrets that are in a file, whichever stage saw them."""
    write_security_report(SecurityFormat("secret_detection", _is_taken, _place), report, stream)


def _is_taken(finding: Finding) -> bool:
    return finding.secret is not None and finding.location.path is not None


def _place(finding: Finding, report: Report) -> dict[str, Any]:
    judged = {one.target: one.digests.get("gitCommit") for one in report.inputs}
    commit = finding.location.commit or judged.get(finding.location.target) or _NO_COMMIT
    return {"file": visible(finding.location.path or ""), "commit": {"sha": commit}, **lines(finding)}
