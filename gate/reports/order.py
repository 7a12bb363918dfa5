"""The order in which reports show stages and findings."""

from collections.abc import Iterable, Sequence

from gate.model import GATE, Deployed, Finding, Report, StageError, StageSummary, Status

_last: tuple[tuple[Finding, ...], list[Finding]] = ((), [])
"""The tuple that `worst_first` sorted last, and its result."""


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Order findings: about the gate itself, blocking, deployed, exploited, by severity, new, by stage, then by place.

    The order is total, so the same findings always give the same text. All formats of a run sort the same tuple, so the
    last result is cached.
    """
    global _last
    if not isinstance(findings, tuple):
        return sorted(findings, key=_urgency)
    if findings is not _last[0]:
        _last = (findings, sorted(findings, key=_urgency))
    return list(_last[1])


def _urgency(finding: Finding) -> tuple[bool, bool, bool, bool, int, bool, *tuple[str | int, ...]]:
    is_old = finding.status is not Status.NEW
    return (
        finding.stage != GATE,
        not finding.blocking,
        finding.deployed is not Deployed.YES,
        not _exploited(finding),
        -finding.severity.rank,
        is_old,
        *_place(finding),
    )


def most_urgent_first(findings: Iterable[Finding]) -> list[Finding]:
    """Order the vulnerabilities of one package: exploited, severity, CVSS score."""
    return sorted(
        findings, key=lambda one: (not _exploited(one), -one.severity.rank, -_score(one), one.rule, *_place(one))
    )


def _exploited(finding: Finding) -> bool:
    return finding.vulnerability is not None and finding.vulnerability.known_exploited


def _score(finding: Finding) -> float:
    return (finding.vulnerability and finding.vulnerability.cvss) or 0.0


def by_place(findings: Iterable[Finding]) -> list[Finding]:
    """Order findings by stage, target, path and line."""
    return sorted(findings, key=_place)


def _place(finding: Finding) -> tuple[str, str, str, int, int, str, str, str]:
    where = finding.location
    place = (finding.stage, where.target, where.path or "", where.line or 0, where.column or 0)
    return (*place, finding.rule, finding.fingerprint, finding.message)


def stage_names(report: Report) -> list[str]:
    """Return the stages in the report's order, then those that only findings name."""
    return list(dict.fromkeys([*(stage.name for stage in report.stages), *(one.stage for one in report.findings)]))


def errors_of(stage: StageSummary) -> Sequence[StageError]:
    """Return the errors of a stage; if it failed without any, one made from its reason."""
    if stage.errors or stage.status.value != "error":
        return stage.errors
    return (StageError(title=stage.reason or "the stage could not finish", message=""),)
