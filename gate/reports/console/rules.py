"""Secrets and configuration: what is no package's, by rule, over all subjects."""

from collections.abc import Iterable

import msgspec

from gate.core.text import one_line
from gate.model import Finding, Severity, Worth
from gate.reports.console.subjects import ReportSubject


class OpenRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule with its open findings that are no package's."""

    stage: str
    rule: str
    title: str
    severity: Severity
    worth: Worth
    """The highest worth of its findings."""
    blocking: int
    open: int
    subjects: tuple[str, ...]

    def order(self) -> tuple[int, int, int, int, str, str]:
        """Return the sort key for the most urgent first: blocking, worth, severe, frequent."""
        return (-self.blocking, -self.worth.rank, -self.severity.rank, -self.open, self.stage, self.rule)


def open_rules(subjects: Iterable[ReportSubject]) -> list[OpenRule]:
    """Return the rules of open findings that are no package's, the most urgent first."""
    found: dict[tuple[str, str], list[tuple[str, Finding]]] = {}
    for subject in subjects:
        for finding in subject.open:
            if finding.package is None:
                found.setdefault((finding.stage, finding.rule), []).append((subject.name, finding))
    return sorted((_open_rule(members) for members in found.values()), key=OpenRule.order)


def _open_rule(members: list[tuple[str, Finding]]) -> OpenRule:
    findings = [finding for _, finding in members]
    first = findings[0]
    return OpenRule(
        stage=first.stage,
        rule=first.rule,
        title=one_line(first.title),
        severity=max(one.severity for one in findings),
        worth=max((one.worth for one in findings), key=lambda worth: worth.rank),
        blocking=sum(one.blocking for one in findings),
        open=len(findings),
        subjects=tuple(sorted({subject for subject, _ in members})),
    )
