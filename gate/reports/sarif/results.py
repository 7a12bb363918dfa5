"""The results of a run: what was found, where, and by which fingerprint it is recognised in the next run."""

from functools import lru_cache
from typing import Any
from urllib.parse import quote

from gate.core.text import encodable, visible
from gate.model import Finding, Location, Severity, Status
from gate.reports.excerpts import code_lines
from gate.reports.wording import function_answer, message_and_mend

LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
_MOST_RELATED = 100
"""Further places of a finding; GitHub accepts 1,000 of a result."""


def result(finding: Finding, rule_index: int) -> dict[str, Any]:
    """Return the result of a finding."""
    entry: dict[str, Any] = {
        "ruleId": visible(finding.rule),
        "ruleIndex": rule_index,
        "level": LEVELS[finding.severity],
        "message": {"text": plain(message_and_mend(finding))},
        "locations": [_primary(finding)],
        "partialFingerprints": _fingerprints(finding),
        "properties": _properties(finding),
    }
    if finding.places:
        entry["relatedLocations"] = [place(one) for one in finding.places[:_MOST_RELATED]]
    if finding.status in (Status.WAIVED, Status.IGNORED):
        justification = f"{finding.status.value} by {visible(finding.decided_by or 'the policy')}"
        entry["suppressions"] = [{"kind": "external", "status": "accepted", "justification": justification}]
    return entry


def _fingerprints(finding: Finding) -> dict[str, str]:
    """Return the fingerprints of the problem.

    GitHub compares `primaryLocationLineHash` only, and requires only that it is stable. Usually it is a hash of the
    line's text. That would let a reader test guesses of a secret in the line, and findings of packages have no line.
    """
    return {"gate/v1": finding.fingerprint, "primaryLocationLineHash": f"{finding.fingerprint}:1"}


def plain(text: str) -> str:
    """Return text without links: `[text](address)` is the one mark-up in SARIF's plain text."""
    return text.replace("](", "] (")


def _properties(finding: Finding) -> dict[str, Any]:
    where = finding.location
    properties = {
        "stage": visible(finding.stage),
        "status": finding.status,
        "blocking": finding.blocking,
        "target": visible(where.target),
    }
    if where.commit:
        properties["commit"] = visible(where.commit)
    if where.layer:
        properties["layer"] = visible(where.layer)
    if answer := function_answer(finding):
        properties["reachableFunction"] = answer
    return properties


def place(where: Location) -> dict[str, Any]:
    """Return a location. GitHub refuses a result without a file, so without a path it is the target's name."""
    artifact = {"uri": uri(where.path or where.target), "uriBaseId": "%SRCROOT%"}
    return {"physicalLocation": {"artifactLocation": artifact, "region": _region(where)}}


def _primary(finding: Finding) -> dict[str, Any]:
    """Return where a finding is, with the lines around it if the report has them."""
    where = place(finding.location)
    if lines := list(code_lines(finding)):
        text = "".join(f"{line.text}\n" for line in lines)
        ends = {"startLine": lines[0].number, "endLine": lines[-1].number}
        where["physicalLocation"]["contextRegion"] = {**ends, "snippet": {"text": text}}
    return where


def _region(where: Location) -> dict[str, int]:
    """Return all four positions, which GitHub requires; unknown ones are the beginning of the line."""
    line, column = where.line or 1, where.column or 1
    last = max(where.end_line or line, line)
    end = where.end_column or (column if last == line else 1)
    return {"startLine": line, "startColumn": column, "endLine": last, "endColumn": end}


@lru_cache(maxsize=4096)
def uri(path: str) -> str:
    """Return a path as a relative reference."""
    return quote(encodable(path), safe="/")
