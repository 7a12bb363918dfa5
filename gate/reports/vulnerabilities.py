"""CycloneDX's `vulnerabilities`: the known vulnerabilities of a bill's components, with assessments (VEX).

An entry is one vulnerability with one assessment: it may affect one image and not another.
"""

from collections.abc import Callable, Iterable
from typing import Any

from gate.model import Finding, Package
from gate.reports.assessment import Assessment, AssessmentGround, assessment
from gate.reports.order import worst_first
from gate.reports.sbom.components import TargetComponents
from gate.reports.wording import address, advisory, mend

_ANALYSES: dict[AssessmentGround, dict[str, Any]] = {
    AssessmentGround.UNUSED: {"state": "not_affected", "justification": "code_not_reachable"},
    AssessmentGround.UNREACHED: {"state": "not_affected", "justification": "code_not_reachable"},
    AssessmentGround.CLEARED: {"state": "not_affected"},
    AssessmentGround.ACCEPTED: {"state": "exploitable", "response": ["will_not_fix"]},
}

_Refs = Callable[[Finding], list[str]]
"""From a finding to the refs of its components; none if the bill does not list its package."""


def vulnerabilities(findings: Iterable[Finding], parts: Iterable[TargetComponents]) -> list[dict[str, Any]]:
    """Return the entries, the worst first, each with the refs of the components that it affects."""
    refs_of = _refs(parts)
    groups: dict[tuple[str, Assessment | None], list[Finding]] = {}
    for finding in worst_first(findings):
        if finding.package and finding.vulnerability:
            groups.setdefault((finding.vulnerability.id, assessment(finding)), []).append(finding)
    return [
        _entry(number, judgement, members, refs_of)
        for number, ((_, judgement), members) in enumerate(groups.items(), 1)
    ]


def _refs(parts: Iterable[TargetComponents]) -> _Refs:
    refs: dict[tuple[str, str, str, str], list[str]] = {}
    for part in parts:
        for one in part.components:
            refs.setdefault((part.inventory.target, *one.judged_as), []).append(one.ref)

    def refs_of(finding: Finding) -> list[str]:
        return refs.get((finding.location.target, *_identity(finding.package)), []) if finding.package else []

    return refs_of


def _identity(package: Package) -> tuple[str, str, str]:
    return (package.ecosystem, package.name, package.version)


def _entry(number: int, judgement: Assessment | None, members: list[Finding], refs_of: _Refs) -> dict[str, Any]:
    worst = members[0]
    known = worst.vulnerability
    assert known is not None
    affected = dict.fromkeys(ref for one in members for ref in refs_of(one))
    entry: dict[str, Any] = {
        "bom-ref": f"vulnerability-{number}",
        "id": known.id,
        "references": [{"id": alias, "source": {"name": alias.partition("-")[0]}} for alias in known.aliases],
        "ratings": [_rating(worst)],
        "cwes": [int(cwe[4:]) for cwe in known.cwes if cwe.startswith("CWE-") and cwe[4:].isdecimal()],
        "description": advisory(worst),
        "recommendation": mend(worst),
        "advisories": _advisories(worst),
        "published": known.published,
        "analysis": {**_ANALYSES[judgement.ground], "detail": judgement.detail} if judgement else None,
        "affects": [{"ref": ref} for ref in affected],
    }
    return {name: value for name, value in entry.items() if value}


def _rating(finding: Finding) -> dict[str, Any]:
    known = finding.vulnerability
    score = {"score": known.cvss} if known and known.cvss is not None else {}
    return {"severity": finding.severity.value, **score}


def _advisories(finding: Finding) -> list[dict[str, str]]:
    page = address(finding)
    return [{"url": page}] if page else []
