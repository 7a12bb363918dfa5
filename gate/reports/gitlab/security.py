"""The common parts of GitLab's security reports: the scan, the scanner, and the fields of every vulnerability.

GitLab tracks a vulnerability by its identifiers and location, and marks it as resolved when a later report lacks it.
Waived and ignored findings are left out, because GitLab has its own dismissals. Times in these schemas have no zone;
they are UTC.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, TextIO

import msgspec

from gate.core.json_text import write_json
from gate.core.text import clipped, counted, one_line, visible
from gate.model import Finding, Report, Severity, StageStatus, Status
from gate.reports.from_root import from_root
from gate.reports.order import errors_of, worst_first
from gate.reports.wording import mend, unfinished

VERSION = "15.2.1"
MOST_ERRORS = 100
_MAX_NAME = 255
"""Characters of a name at most, by the schema."""
_MAX_SOLUTION = 7000
"""Characters of a solution at most, by the schema."""
_SEVERITIES = {
    Severity.CRITICAL: "Critical",
    Severity.HIGH: "High",
    Severity.MEDIUM: "Medium",
    Severity.LOW: "Low",
    Severity.INFO: "Info",
}
_KNOWN_IDS = {
    "CVE-": ("cve", "https://nvd.nist.gov/vuln/detail/{}"),
    "GHSA-": ("ghsa", "https://github.com/advisories/{}"),
}
_IDS = uuid.uuid5(uuid.NAMESPACE_URL, "security-gate/finding")


class SecurityFormat(msgspec.Struct, frozen=True):
    """The differences between the security reports."""

    kind: str
    """The schema's `scan.type`."""
    takes: Callable[[Finding], bool]
    """True for findings that belong into the report."""
    place: Callable[[Finding, Report], dict[str, Any]]


def write_security_report(format: SecurityFormat, report: Report, stream: TextIO) -> None:
    """Write the findings that `format` takes, worst first, and what the stages could not do."""
    report = from_root(report)
    shown = [one for one in worst_first(report.findings) if _is_standing(one) and format.takes(one)]
    document = {
        "version": VERSION,
        "scan": _scan(format, report),
        "vulnerabilities": list(_vulnerabilities(format, shown, report)),
        "remediations": [],
    }
    write_json(document, stream)


def _is_standing(finding: Finding) -> bool:
    return finding.status in (Status.NEW, Status.EXISTING)


def _scan(format: SecurityFormat, report: Report) -> dict[str, Any]:
    scanner = {
        "id": "security-gate",
        "name": "security-gate",
        "version": report.tool.version,
        "vendor": {"name": "security-gate"},
    }
    is_complete = all(stage.status is not StageStatus.ERROR for stage in report.stages)
    return {
        "type": format.kind,
        "analyzer": scanner,
        "scanner": scanner,
        "start_time": _time(report.started_at),
        "end_time": _time(report.finished_at),
        "status": "success" if is_complete else "failure",
        "messages": list(_messages(report)),
    }


def _time(moment: str) -> str:
    """Return a time as the schema requires it: UTC, without a zone."""
    return datetime.fromisoformat(moment).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _messages(report: Report) -> Iterator[dict[str, str]]:
    errors = [f"{stage.name}: {unfinished(error)}" for stage in report.stages for error in errors_of(stage)]
    yield from ({"level": "fatal", "value": clipped(one_line(error), 1000)} for error in errors[:MOST_ERRORS])
    if len(errors) > MOST_ERRORS:
        yield {"level": "fatal", "value": f"{counted(len(errors) - MOST_ERRORS, 'error')} more"}


def _vulnerabilities(format: SecurityFormat, findings: Iterable[Finding], report: Report) -> Iterator[dict[str, Any]]:
    taken: dict[str, int] = {}
    for finding in findings:
        mark = finding.fingerprint
        taken[mark] = taken.get(mark, 0) + 1
        yield _vulnerability(finding, f"{mark}-{taken[mark]}") | {"location": format.place(finding, report)}


def _vulnerability(finding: Finding, mark: str) -> dict[str, Any]:
    links = [{"url": finding.help_uri}] if (finding.help_uri or "").startswith(("https://", "http://")) else []
    return {
        "id": str(uuid.uuid5(_IDS, mark)),
        "name": clipped(one_line(finding.title), _MAX_NAME),
        "description": one_line(finding.message or finding.title),
        "severity": _SEVERITIES[finding.severity],
        "solution": clipped(mend(finding), _MAX_SOLUTION),
        "identifiers": list(_identifiers(finding)),
        "links": links,
        "details": {
            "fingerprint": {"type": "text", "name": "Fingerprint", "value": finding.fingerprint},
            "blocks": {"type": "text", "name": "Blocks", "value": "yes" if finding.blocking else "no"},
        },
    }


def _identifiers(finding: Finding) -> Iterator[dict[str, str]]:
    """Yield the identifiers by which GitLab distinguishes vulnerabilities; the first is the rule or advisory's id."""
    known = finding.vulnerability
    for name in dict.fromkeys((finding.rule, *((known.id, *known.aliases) if known else ()))):
        yield _identifier(visible(name))


def _identifier(name: str) -> dict[str, str]:
    for prefix, (kind, url) in _KNOWN_IDS.items():
        if name.startswith(prefix):
            return {"type": kind, "name": name, "value": name, "url": url.format(name)}
    return {"type": "security_gate_rule", "name": name, "value": name}


def lines(finding: Finding) -> dict[str, int]:
    """Return the first and last line of a finding, as far as they are known."""
    where = finding.location
    if where.line is None:
        return {}
    return {"start_line": where.line, "end_line": where.end_line or where.line}


def dependency(finding: Finding) -> dict[str, Any]:
    """Return the package of a finding."""
    package = finding.package
    assert package is not None
    known = {} if package.direct is None else {"direct": package.direct}
    return {"package": {"name": visible(package.name)}, "version": visible(package.version), **known}
