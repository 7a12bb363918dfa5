"""What another policy would have decided on a past report."""

from datetime import datetime

import msgspec

from gate.model import Finding, Report, StageResult, StageStatus, Status, VerdictStatus
from gate.policy.decide import Policy, decide
from gate.policy.layers import PolicyLayer
from gate.policy.waivers import Waiver

_ALWAYS = "9999-12-31"


class VerdictChange(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict as it was and as it would be."""

    before: VerdictStatus
    after: VerdictStatus
    blocking: tuple[Finding, ...]
    """Those that did not block and would."""
    passing: tuple[Finding, ...]
    """Those that blocked and would not; `decided_by` says by what now."""


def change_of(report: Report, layers: tuple[PolicyLayer, ...], now: datetime) -> VerdictChange:
    """Judge the findings of `report` by `layers`: what was waived or existing then counts as that now."""
    before = {finding.fingerprint for finding in report.findings if finding.blocking}
    judgement = decide(_results(report), _policy(report, layers), now)
    return VerdictChange(
        before=report.verdict.status,
        after=judgement.verdict.status,
        blocking=tuple(one for one in judgement.findings if one.blocking and one.fingerprint not in before),
        passing=tuple(one for one in judgement.findings if not one.blocking and one.fingerprint in before),
    )


def _policy(report: Report, layers: tuple[PolicyLayer, ...]) -> Policy:
    marks: dict[Status, set[str]] = {status: set() for status in Status}
    for finding in report.findings:
        marks[finding.status].add(finding.fingerprint)
    waivers = tuple(
        Waiver(fingerprint=mark, reason="as in the report", owner="as in the report", until=_ALWAYS)
        for mark in sorted(marks[Status.WAIVED])
    )
    return Policy(layers=layers, waivers=waivers, existing=frozenset(marks[Status.EXISTING]))


def _results(report: Report) -> list[StageResult]:
    """Return the results of the stages, as far as the report has them."""
    results: list[StageResult] = []
    for stage in report.stages:
        result = StageResult(
            stage=stage.name,
            target=", ".join(stage.targets),
            findings=tuple(finding for finding in report.findings if finding.stage == stage.name),
            errors=stage.errors,
            skipped=stage.reason if stage.status is StageStatus.SKIPPED else None,
        )
        results.append(result)
    return results
