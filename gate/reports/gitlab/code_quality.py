"""`gitlab-code-quality`: findings that GitLab shows in a merge request's diff.

The format is a list of Code Climate issues (https://docs.gitlab.com/ci/testing/code_quality/). It has no place for a
finding without a file, or for one that is waived or ignored: these are left out.
"""

from typing import Any, TextIO

from gate.core.json_text import write_json
from gate.core.text import visible
from gate.model import Finding, Report, Severity, Status
from gate.reports.from_root import from_root
from gate.reports.order import worst_first
from gate.reports.wording import message_and_mend

_SEVERITIES = {
    Severity.CRITICAL: "blocker",
    Severity.HIGH: "critical",
    Severity.MEDIUM: "major",
    Severity.LOW: "minor",
    Severity.INFO: "info",
}


def write(report: Report, stream: TextIO) -> None:
    """Write the findings that have a file, worst first."""
    report = from_root(report)
    taken: dict[str, int] = {}
    shown = [one for one in worst_first(report.findings) if _is_shown(one)]
    issues = [_issue(one, _unique(one.fingerprint, taken)) for one in shown]
    write_json(issues, stream)


def _is_shown(finding: Finding) -> bool:
    return finding.location.path is not None and finding.status in (Status.NEW, Status.EXISTING)


def _unique(fingerprint: str, taken: dict[str, int]) -> str:
    """Number repeated fingerprints (one problem in two targets), as GitLab drops an issue with a known fingerprint."""
    taken[fingerprint] = taken.get(fingerprint, 0) + 1
    return fingerprint if taken[fingerprint] == 1 else f"{fingerprint}-{taken[fingerprint]}"


def _issue(finding: Finding, fingerprint: str) -> dict[str, Any]:
    return {
        "type": "issue",
        "check_name": visible(finding.rule),
        "description": message_and_mend(finding),
        "categories": ["Security"],
        "severity": _SEVERITIES[finding.severity],
        "fingerprint": fingerprint,
        "location": {
            "path": visible(finding.location.path or ""),
            "lines": {"begin": finding.location.line or 1},
        },
    }
