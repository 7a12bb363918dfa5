"""Trends over the reports of several runs: open findings, their age, and the time to fix them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from statistics import median

import msgspec

from gate.core.errors import UnreadableError
from gate.model import Finding, Report, Severity, StageStatus, Status, VerdictStatus

_DAY_S = 86_400
_SET_ASIDE = (Status.WAIVED, Status.IGNORED)
_ByFingerprint = dict[str, Finding]


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """One run of the history."""

    at: datetime
    verdict: VerdictStatus
    counts: dict[Severity, int]
    """Open findings: those that are neither waived nor ignored."""
    blocking: int
    appeared: int
    """Open findings that the run before did not have; 0 for the first."""
    mended: int
    """Findings of the run before that are gone, although their stage looked for them again and finished."""
    median_age_days: float | None
    """Median age of the open findings; None if there are none."""
    median_days_to_mend: float | None
    """Median for all findings that were fixed so far; None if there are none."""

    @property
    def open(self) -> int:
        return sum(self.counts.values())


def history(reports: Iterable[Report]) -> list[Point]:
    """Return a point for each report, the oldest first. Raises UnreadableError for a report with an invalid time."""
    ordered = sorted(((_moment(report.finished_at), report) for report in reports), key=lambda pair: pair[0])
    return list(_points(ordered))


def _points(ordered: Sequence[tuple[datetime, Report]]) -> Iterator[Point]:
    since: dict[str, datetime] = {}
    before: dict[str, Finding] = {}
    days: list[float] = []
    for number, (at, report) in enumerate(ordered):
        now = {one.fingerprint: one for one in report.findings if one.status not in _SET_ASIDE}
        mended, unknown = _absent(before, report)
        days += [_days(since[mark], at) for mark in mended]
        for mark, finding in now.items():
            known = min(_moment(finding.first_seen), at) if finding.first_seen else at
            since[mark] = min(since.get(mark, at), known)
        severities = Counter(one.severity for one in now.values())
        yield Point(
            at=at,
            verdict=report.verdict.status,
            counts={level: severities[level] for level in reversed(Severity)},
            blocking=sum(one.blocking for one in now.values()),
            appeared=len(now.keys() - before.keys()) if number else 0,
            mended=len(mended),
            median_age_days=_median([_days(since[mark], at) for mark in now]),
            median_days_to_mend=_median(days),
        )
        before = now | unknown


def _median(values: Sequence[float]) -> float | None:
    return median(values) if values else None


def _absent(before: _ByFingerprint, report: Report) -> tuple[_ByFingerprint, _ByFingerprint]:
    """Return the findings of `before` that were fixed, and those that no stage could look for again.

    The latter are not fixed, and not new when they are found the next time.
    """
    present = {one.fingerprint for one in report.findings}
    finished = (stage for stage in report.stages if stage.status is StageStatus.OK)
    looked_at = {(stage.name, target) for stage in finished for target in stage.targets}
    mended, unknown = _ByFingerprint(), _ByFingerprint()
    for mark, finding in before.items():
        if mark not in present and _place(finding) in looked_at:
            mended[mark] = finding
        elif mark not in present:
            unknown[mark] = finding
    return mended, unknown


def _place(finding: Finding) -> tuple[str, str]:
    return (finding.stage, finding.location.target)


def _days(start: datetime, end: datetime) -> float:
    return max(0.0, (end - start).total_seconds() / _DAY_S)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UnreadableError(f"a report has a time that is none: {text[:40]}") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
