"""Which packages to raise first, over all subjects."""

from collections.abc import Iterable

import msgspec

from gate.model import Finding, Severity, Worth
from gate.reports.console.subjects import ReportSubject
from gate.reports.wording import mend

_MOST_WAYS = 3
"""Different instructions for one package that are listed."""


class Raise(msgspec.Struct, frozen=True, kw_only=True):
    """A package, with the findings that raising it would fix."""

    name: str
    ecosystem: str
    severity: Severity
    worth: Worth
    """The highest worth of its findings."""
    is_exploited: bool
    blocking: int
    vulnerabilities: int
    """Number of different vulnerabilities; each may be in many subjects."""
    subjects: tuple[str, ...]
    ways: tuple[str, ...]
    """What to do, as texts, the most frequent first."""

    def order(self) -> tuple[bool, int, int, int, str, str]:
        """Return the sort key for the most useful first: exploited, blocking, in many subjects, severe."""
        count = len(self.subjects)
        return (not self.is_exploited, -self.blocking, -count, -self.severity.rank, self.ecosystem, self.name)


def packages_to_raise(subjects: Iterable[ReportSubject]) -> list[Raise]:
    """Return the packages whose open vulnerabilities have a fix, the most useful first."""
    found: dict[tuple[str, str], list[tuple[str, Finding]]] = {}
    for subject in subjects:
        for finding in subject.open:
            if finding.package and finding.is_fixable:
                found.setdefault((finding.package.ecosystem, finding.package.name), []).append((subject.name, finding))
    return sorted((_raise(*key, members) for key, members in found.items()), key=Raise.order)


def _raise(ecosystem: str, name: str, members: list[tuple[str, Finding]]) -> Raise:
    findings = [finding for _, finding in members]
    ways: dict[str, int] = {}
    for finding in findings:
        ways[mend(finding)] = ways.get(mend(finding), 0) + 1
    return Raise(
        name=name,
        ecosystem=ecosystem,
        severity=max(one.severity for one in findings),
        worth=max((one.worth for one in findings), key=lambda worth: worth.rank),
        is_exploited=any(one.vulnerability is not None and one.vulnerability.known_exploited for one in findings),
        blocking=sum(one.blocking for one in findings),
        vulnerabilities=len({one.rule for one in findings}),
        subjects=tuple(sorted({subject for subject, _ in members})),
        ways=tuple(sorted(ways, key=lambda way: (-ways[way], way))[:_MOST_WAYS]),
    )
