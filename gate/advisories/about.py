"""How many of the serious vulnerabilities have a fix, and how many are in packages in use."""

from collections import Counter
from collections.abc import Sequence

from gate.model import Fact, Finding, InUse, Severity


def facts_of_use(findings: Sequence[Finding]) -> dict[str, Fact]:
    """Return how many serious vulnerabilities there are, how many have a fix, and how many of these are in use."""
    serious = [one for one in findings if one.vulnerability and one.severity >= Severity.HIGH]
    fixable = [one for one in serious if one.is_fixable]
    count = Counter(one.in_use for one in fixable)
    return {
        "in_use": f"{len(serious):,} high or critical, {len(fixable):,} with a fix, {count[InUse.YES]:,} of these in "
        f"use, {count[InUse.NO]:,} not in use, {count[InUse.UNKNOWN]:,} unknown"
    }
