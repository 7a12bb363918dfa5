"""The order in which reports show stages and findings."""

from collections.abc import Iterable, Sequence

from gate.model import Finding, Report, StageError, StageSummary


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Order findings: blocking, severity, stage, then place; a total order, so the same findings give the same text."""
    return sorted(findings, key=lambda one: (not one.blocking, -one.severity.rank, one.stage, *_place(one)))


def by_place(findings: Iterable[Finding]) -> list[Finding]:
    """Order findings as a reader goes through the files."""
    return sorted(findings, key=_place)


def _place(finding: Finding) -> tuple[str, str, int, int, str, str, str]:
    where = finding.location
    place = (where.target, where.path or "", where.line or 0, where.column or 0)
    return (*place, finding.rule, finding.fingerprint, finding.message)


def stage_names(report: Report) -> list[str]:
    """Return the stages in the report's order, and after them any that only a finding names."""
    return list(dict.fromkeys([*(stage.name for stage in report.stages), *(one.stage for one in report.findings)]))


def errors_of(stage: StageSummary) -> Sequence[StageError]:
    """Return the errors of a stage; one made from its reason if it failed without naming any."""
    if stage.errors or stage.status.value != "error":
        return stage.errors
    return (StageError(title=stage.reason or "the stage could not finish", message=""),)
