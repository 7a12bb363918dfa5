"""`openvex`: which vulnerabilities were judged not to matter, or accepted, and why (OpenVEX 0.2.0)."""

import hashlib
from collections.abc import Iterator
from typing import Any, TextIO

import msgspec

from gate.model import Finding, InUse, Report, Status
from gate.reports.audit import why_it_passes
from gate.reports.json_text import json_text
from gate.reports.order import worst_first
from gate.reports.wording import mend
from gate.text import encodable, one_line

_CONTEXT = "https://openvex.dev/ns/v0.2.0"


def write(report: Report, stream: TextIO) -> None:
    """Write a statement for each vulnerability of a package that the verdict set aside."""
    statements = [_statement(finding) for finding in worst_first(report.findings) if _is_set_aside(finding)]
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
    stream.write(json_text(document))


def _is_set_aside(finding: Finding) -> bool:
    if finding.package is None or finding.vulnerability is None:
        return False
    return finding.in_use is InUse.NO or finding.status in (Status.WAIVED, Status.IGNORED)


def _statement(finding: Finding) -> dict[str, Any]:
    known, package = finding.vulnerability, finding.package
    assert known is not None
    assert package is not None
    return {
        "vulnerability": {"name": encodable(known.id), "aliases": [encodable(alias) for alias in known.aliases]},
        "products": [{"@id": encodable(package.purl)}],
        **dict(_status(finding)),
    }


def _status(finding: Finding) -> Iterator[tuple[str, str]]:
    """Yield the status: `not_affected` only where evidence says so; what was accepted is affected all the same."""
    if finding.in_use is InUse.NO:
        yield "status", "not_affected"
        yield "justification", "vulnerable_code_not_in_execute_path"
        yield "impact_statement", one_line("; ".join(finding.in_use_evidence)) or "The package is not used."
    elif finding.vex:
        yield "status", "not_affected"
        yield "impact_statement", one_line(finding.vex)
    else:
        yield "status", "affected"
        yield "action_statement", f"Accepted ({why_it_passes(finding)}). {mend(finding)}"
