"""Groups of findings that are fixed together: those of a rule, and the vulnerabilities of a package."""

import re
from collections.abc import Iterable
from functools import cached_property

from gate.core.text import clipped, one_line, visible
from gate.model import Finding, Severity
from gate.reports.order import most_urgent_first, worst_first
from gate.reports.wording import mend

_SENTENCE_END = re.compile(r"(?<=[.!?]) (?=[A-Z`])")


class Group:
    """Findings of one stage that are fixed together, worst first."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        self.first = findings[0]

    @cached_property
    def severity(self) -> Severity:
        """The worst of the group."""
        return max(one.severity for one in self.findings)

    @property
    def is_package(self) -> bool:
        """True if the group is a package with its vulnerabilities, not a rule with its places."""
        return self.first.package is not None

    @property
    def noun(self) -> str:
        """The word for one of the findings; a package's suspicious name or licence is a problem, no vulnerability."""
        if not self.is_package:
            return "place"
        return "vulnerability" if all(one.vulnerability for one in self.findings) else "problem"

    @property
    def name(self) -> str:
        """The rule's id, or the package's name and version."""
        package = self.first.package
        return visible(self.first.rule if package is None else f"{package.name} {package.version}")

    @property
    def title(self) -> str:
        """The rule's title, or the package's ecosystem in brackets."""
        package = self.first.package
        return clipped(one_line(self.first.title if package is None else f"({package.ecosystem})"))

    @property
    def instructions(self) -> list[str]:
        """How to fix the findings; what is the same for several of them is one text.

        Of texts that begin with the same sentence, each further sentence is said once: secrets in several commits are
        revoked in one way, and taken out of each commit.
        """
        texts: dict[str, dict[str, None]] = {}
        for text in dict.fromkeys(map(mend, self.findings)):
            first, *further = _SENTENCE_END.split(text)
            texts.setdefault(first, {}).update(dict.fromkeys(further))
        return [" ".join([first, *further]) for first, further in texts.items()]


def grouped(findings: Iterable[Finding]) -> list[Group]:
    """Group findings; the worst group first, otherwise in the order of `worst_first`."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for finding in worst_first(findings):
        groups.setdefault(_key(finding), []).append(finding)
    return [Group(members if members[0].package is None else most_urgent_first(members)) for members in groups.values()]


def _key(finding: Finding) -> tuple[str, ...]:
    package = finding.package
    if package is None:
        return (finding.stage, "rule", finding.rule)
    return (finding.stage, "package", package.ecosystem, package.name, package.version)
