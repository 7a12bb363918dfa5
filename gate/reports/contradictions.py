"""Contradictions in a report, which occur if it was edited by hand or parts of it were left out.

Their absence proves nothing: a careful edit changes all related parts. Only a signature detects that
(`gate merge --key`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from gate.model import GATE, Evidence, Report, Severity, StageStatus, StageSummary, VerdictStatus, Work

_MERGE = "merge"
"""The stage that `gate merge` adds; like `gate`, it is never planned."""


def contradictions(report: Report) -> Iterator[str]:
    """Yield, as texts, parts of the report that contradict one another."""
    verdict = report.verdict
    blocking = sum(finding.blocking for finding in report.findings)
    if verdict.status is VerdictStatus.PASS and (blocking or any(one.decides for one in verdict.reasons)):
        yield "its verdict is pass, and it says what blocks"
    unfinished = [stage.name for stage in report.stages if stage.status is StageStatus.ERROR or stage.errors]
    if unfinished and verdict.status is not VerdictStatus.INCOMPLETE:
        yield f"its verdict is {verdict.status.value}, and {unfinished[0]} could not finish"
    if not (_is_time(report.started_at) and _is_time(report.finished_at)):
        yield "a stage does not say when it ran"
    yield from _miscounted(report)


def omissions(report: Report) -> Iterator[str]:
    """Yield, as texts, what the report refers to and does not contain, and what it contains twice."""
    yield from _without_findings(report)
    yield from _twice(stage.name for stage in report.stages)
    if report.evidence is not None:
        yield from _undone(report, report.evidence)


def _is_time(text: str) -> bool:
    try:
        moment = datetime.fromisoformat(text)
        return moment.tzinfo is not None and bool(moment.astimezone(UTC))  # raises OverflowError for times near year 1
    except (ValueError, OverflowError):
        return False


def _miscounted(report: Report) -> Iterator[str]:
    found = Counter((finding.stage, finding.severity) for finding in report.findings)
    stated = {
        (stage.name, severity): count
        for stage in report.stages
        for severity in Severity
        if (count := stage.counts.get(severity.value, 0))
    }
    for stage, severity in dict.fromkeys([*stated, *found]):
        counted, listed = stated.get((stage, severity), 0), found[stage, severity]
        if counted != listed:
            yield f"{stage} counts {counted:,} findings that are {severity.value}, and {listed:,} are listed"


def _without_findings(report: Report) -> Iterator[str]:
    """Yield the reasons of the verdict that name findings which are not listed, or do not block."""
    known = {finding.fingerprint for finding in report.findings}
    blocking = {finding.fingerprint for finding in report.findings if finding.blocking}
    for reason in report.verdict.reasons:
        for mark in reason.fingerprints:
            if mark not in known:
                yield f"{reason.rule} decided on the finding {mark}, which is not listed"
            elif mark not in blocking:
                yield f"{reason.rule} decided on the finding {mark}, which does not block"


def _twice(names: Iterable[str]) -> Iterator[str]:
    yield from (f"{name} is listed twice" for name, count in Counter(names).items() if count > 1)


def _undone(report: Report, evidence: Evidence) -> Iterator[str]:
    """Yield the work that the run had to do, by its evidence, and that the report does not list, or the reverse."""
    if evidence.runs != 1:
        return
    named = {stage.name for stage in report.stages} - {GATE, _MERGE}
    planned = {work.stage for work in evidence.planned}
    yield from (f"{name} was to run, and nothing is said of it" for name in sorted(planned - named))
    yield from (f"{name} was not to run, and it is listed" for name in sorted(named - planned))
    if report.verdict.status is VerdictStatus.INCOMPLETE:
        return  # parts of the run may be missing, so the work cannot be complete
    own = jobs_of(evidence.ran)
    part = report.part
    wanted = jobs_of(evidence.planned)[part.index - 1 :: part.count] if part else jobs_of(evidence.planned)
    if own != wanted:
        share = f"part {part.index} of {part.count}" if part else "a whole run"
        yield f"it is {share}, and what ran is not what that was to do"
    for stage in report.stages:
        yield from _elsewhere(stage, dict(_targets(evidence.ran)))
    judged = {judged.target for judged in report.inputs}
    yield from (f"{target} was to be looked at, and is no input" for _, target in wanted if target not in judged)


def jobs_of(work: Iterable[Work]) -> list[tuple[str, str]]:
    """Return each stage with each target that it had to look at, in their order."""
    return [(one.stage, target) for one in work for target in one.targets]


def _targets(work: Iterable[Work]) -> Iterator[tuple[str, frozenset[str]]]:
    return ((one.stage, frozenset(one.targets)) for one in work)


def _elsewhere(stage: StageSummary, wanted: dict[str, frozenset[str]]) -> Iterator[str]:
    for target in stage.targets if stage.name in wanted else ():
        if target not in wanted[stage.name]:
            yield f"{stage.name} says that it looked at {target}, which was not its to look at"
    if stage.status is StageStatus.OK and not stage.targets and stage.name in wanted:
        yield f"{stage.name} is ok, and looked at nothing"
