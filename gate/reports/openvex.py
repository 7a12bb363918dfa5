"""`openvex`: the vulnerabilities that do not affect a target or were accepted, and why (OpenVEX 0.2.0)."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

import msgspec

from gate.core.json_text import write_json
from gate.core.text import encodable
from gate.model import Finding, Report
from gate.reports.assessment import Assessment, AssessmentGround, assessment
from gate.reports.order import worst_first
from gate.reports.wording import as_sentence, mend

_NOT_EXECUTED = (AssessmentGround.UNUSED, AssessmentGround.UNREACHED)
_CONTEXT = "https://openvex.dev/ns/v0.2.0"


def write(report: Report, stream: TextIO) -> None:
    """Write a statement for each vulnerability of a package that has an assessment."""
    statements = list(_statements(report.findings))
    digest = hashlib.sha256(msgspec.json.encode(statements, order="sorted")).hexdigest()
    document = {
        "@context": _CONTEXT,
        "@id": f"https://openvex.dev/docs/public/vex-{digest}",
        "author": "security-gate",
        "timestamp": report.finished_at,
        "version": 1,
        "tooling": f"security-gate {report.tool.version}",
        "statements": statements,
    }
    write_json(document, stream)


def _statements(findings: Iterable[Finding]) -> Iterator[dict[str, Any]]:
    for finding in worst_first(findings):
        judgement, known, package = assessment(finding), finding.vulnerability, finding.package
        if judgement and known and package:
            yield {
                "vulnerability": {"name": encodable(known.id), "aliases": [encodable(one) for one in known.aliases]},
                "products": [{"@id": encodable(package.purl)}],
                **_status(judgement, finding),
            }


def _status(judgement: Assessment, finding: Finding) -> dict[str, str]:
    """Return the status: `not_affected` only with evidence; a package with an accepted risk is still `affected`."""
    if judgement.ground is AssessmentGround.ACCEPTED:
        return {"status": "affected", "action_statement": f"{as_sentence(judgement.detail)} {mend(finding)}"}
    unused = {"justification": "vulnerable_code_not_in_execute_path"} if judgement.ground in _NOT_EXECUTED else {}
    return {"status": "not_affected", **unused, "impact_statement": judgement.detail}
