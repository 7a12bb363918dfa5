"""The numbers at the top of the console: what there is in all subjects together."""

from collections.abc import Iterable
from typing import NamedTuple

from gate.model import Finding, VerdictStatus, Worth
from gate.reports.console.subjects import ReportSubject


class Total(NamedTuple):
    """A number, what it counts, and whether it asks for work."""

    number: int
    noun: str
    is_urgent: bool = False


def totals(subjects: Iterable[ReportSubject]) -> list[Total]:
    """Return how many subjects have which verdict, and how many findings block, by what they are."""
    every = list(subjects)
    statuses = [subject.report.verdict.status for subject in every]
    blocking = [one for subject in every for one in subject.report.findings if one.blocking]
    return [
        Total(statuses.count(VerdictStatus.FAIL), "fail", is_urgent=True),
        Total(statuses.count(VerdictStatus.INCOMPLETE), "incomplete", is_urgent=True),
        Total(statuses.count(VerdictStatus.PASS), "pass"),
        Total(len(blocking), "findings block"),
        Total(sum(map(_is_exploited, blocking)), "of these exploited", is_urgent=True),
        Total(sum(one.secret is not None for one in blocking), "of these secrets", is_urgent=True),
        Total(sum(one.worth is Worth.HIGH for one in blocking), "of these of high worth"),
    ]


def _is_exploited(finding: Finding) -> bool:
    return finding.vulnerability is not None and finding.vulnerability.known_exploited
