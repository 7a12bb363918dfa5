"""`sarif`: SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), for GitHub's code scanning and others.

A severity becomes a level and, for GitHub, a `security-severity`; what the policy set aside is a suppressed result;
what a stage could not do is a notification, and then the run says that it was not successful.
"""

from collections.abc import Iterable
from typing import Any, TextIO
from urllib.parse import quote

import msgspec

from gate.model import Finding, Location, Report, Severity, StageError, Status, VerdictStatus
from gate.reports.order import errors_of, worst_first
from gate.reports.wording import mend, unfinished
from gate.text import encodable, one_line, visible

_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
_SCORES = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "2.0",
    Severity.INFO: "0.0",
}
"""What `security-severity` is where no CVSS score is known: the middle of the severity's range."""


def write(report: Report, stream: TextIO) -> None:
    """Write a log of one run."""
    findings = worst_first(report.findings)
    rules = _rules(findings)
    numbers = {rule["id"]: number for number, rule in enumerate(rules)}
    run = {
        "tool": {"driver": _driver(report, rules)},
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The root of the target."}}},
        "invocations": [_invocation(report)],
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, numbers[visible(one.rule)]) for one in findings],
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    stream.write(msgspec.json.format(msgspec.json.encode(log), indent=2).decode() + "\n")


def _driver(report: Report, rules: list[dict[str, Any]]) -> dict[str, Any]:
    return {"name": report.tool.name, "version": report.tool.version, "rules": rules}


def _rules(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return the rules that the findings name, each from its worst finding."""
    first: dict[str, Finding] = {}
    for finding in findings:
        first.setdefault(visible(finding.rule), finding)
    return [_rule(name, first[name]) for name in sorted(first)]


def _rule(name: str, finding: Finding) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": name,
        "shortDescription": {"text": one_line(finding.title) or name},
        "help": {"text": mend(finding) or name},
        "defaultConfiguration": {"level": _LEVELS[finding.severity]},
        "properties": {"tags": ["security", visible(finding.stage)], "security-severity": _score(finding)},
    }
    if finding.help_uri and finding.help_uri.startswith("https://"):
        rule["helpUri"] = _uri(finding.help_uri, safe="/:?#&=%+,;@~-._")
    return rule


def _score(finding: Finding) -> str:
    known = finding.vulnerability
    return f"{known.cvss:.1f}" if known and known.cvss is not None else _SCORES[finding.severity]


def _result(finding: Finding, rule_index: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": visible(finding.rule),
        "ruleIndex": rule_index,
        "level": _LEVELS[finding.severity],
        "message": {"text": _without_links(f"{one_line(finding.message or finding.title)} {mend(finding)}")},
        "locations": [_location(finding.location)],
        "partialFingerprints": {"gate/v1": finding.fingerprint},
        "properties": _properties(finding),
    }
    if finding.status in (Status.WAIVED, Status.IGNORED):
        justification = f"{finding.status.value} by {visible(finding.decided_by or 'the policy')}"
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": justification}]
    return result


def _without_links(text: str) -> str:
    """SARIF's plain text knows one mark-up, `[text](address)`; nobody but the gate may write a link."""
    return text.replace("](", "] (")


def _properties(finding: Finding) -> dict[str, Any]:
    where = finding.location
    named = {"target": where.target, "commit": where.commit, "layer": where.layer}
    return {
        "stage": visible(finding.stage),
        "status": finding.status.value,
        "blocking": finding.blocking,
        **{name: visible(text) for name, text in named.items() if text},
    }


def _location(where: Location) -> dict[str, Any]:
    # GitHub refuses a result without a file; the target's name stands for the whole of it.
    artifact = {"uri": _uri(where.path or where.target), "uriBaseId": "%SRCROOT%"}
    physical: dict[str, Any] = {"artifactLocation": artifact}
    if where.path and where.line:
        physical["region"] = _region(where)
    return {"physicalLocation": physical}


def _region(where: Location) -> dict[str, int]:
    named = {
        "startLine": where.line,
        "startColumn": where.column,
        "endLine": where.end_line,
        "endColumn": where.end_column,
    }
    return {name: number for name, number in named.items() if number}


def _uri(path: str, safe: str = "/") -> str:
    return quote(encodable(path), safe=safe)


def _invocation(report: Report) -> dict[str, Any]:
    errors = [error for stage in report.stages for error in errors_of(stage)]
    return {
        "executionSuccessful": report.verdict.status is not VerdictStatus.INCOMPLETE and not errors,
        "toolExecutionNotifications": [_notification(error) for error in errors],
    }


def _notification(error: StageError) -> dict[str, Any]:
    notification: dict[str, Any] = {"level": "error", "message": {"text": _without_links(unfinished(error))}}
    if error.path:
        notification["locations"] = [_location(Location(target=error.target, path=error.path))]
    return notification
