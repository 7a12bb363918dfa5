"""What in a report contradicts itself: one that was changed by hand, or in which something was left out, often does.

It is no proof: whoever changes everything that belongs together is noticed by a signature alone (`gate merge --key`).
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from gate.model import Report, Severity, StageStatus, VerdictStatus


def contradictions(report: Report) -> Iterator[str]:
    """Yield in words what cannot be true together."""
    verdict = report.verdict
    blocking = sum(finding.blocking for finding in report.findings)
    if verdict.status is VerdictStatus.PASS and (blocking or verdict.reasons):
        yield "its verdict is pass, and it says what blocks"
    unfinished = [stage.name for stage in report.stages if stage.status is StageStatus.ERROR or stage.errors]
    if unfinished and verdict.status is not VerdictStatus.INCOMPLETE:
        yield f"its verdict is {verdict.status.value}, and {unfinished[0]} could not finish"
    if not (_is_time(report.started_at) and _is_time(report.finished_at)):
        yield "a stage does not say when it ran"
    yield from _miscounted(report)


def _is_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _miscounted(report: Report) -> Iterator[str]:
    found = Counter((finding.stage, finding.severity) for finding in report.findings)
    told = {
        (stage.name, severity): count
        for stage in report.stages
        for severity in Severity
        if (count := stage.counts.get(severity.value, 0))
    }
    for stage, severity in dict.fromkeys([*told, *found]):
        counted, listed = told.get((stage, severity), 0), found[stage, severity]
        if counted != listed:
            yield f"{stage} counts {counted:,} findings that are {severity.value}, and {listed:,} are listed"
