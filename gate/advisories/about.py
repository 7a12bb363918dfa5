"""What is said of a search: how many vulnerabilities have a fix, how many are in use, what was not looked up."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from gate.advisories.ecosystems import advised_as, lacks_advisories
from gate.core.text import counted
from gate.ecosystems import COMMITS, base_of
from gate.model import Fact, Finding, InUse, Package, Severity


def facts_of_use(findings: Sequence[Finding], packages: int, not_judged: int) -> dict[str, Fact]:
    """Return how many serious vulnerabilities were found, how many have a fix, and how many of these are in use.

    `not_judged` of the `packages` were not looked up. If none was, the fact states no number.
    """
    if not_judged and not_judged == packages:
        return {"in_use": "not judged, as there are no advisories"}
    serious = [one for one in findings if one.vulnerability and one.severity >= Severity.HIGH]
    fixable = [one for one in serious if one.is_fixable]
    count = Counter(one.in_use for one in fixable)
    reaching = Counter(one.reachable_function for one in fixable)
    left = f"; {counted(not_judged, 'package')} not judged, as there are no advisories" if not_judged else ""
    return {
        **_functions(reaching),
        "in_use": f"{len(serious):,} high or critical, {len(fixable):,} with a fix, {count[InUse.YES]:,} of these in "
        f"use, {count[InUse.NO]:,} not in use, {count[InUse.UNKNOWN]:,} unknown{left}",
    }


def _functions(reaching: Counter[InUse | None]) -> dict[str, Fact]:
    """Return for how many a vulnerable function is known, and can be reached; nothing if none is."""
    known = sum(count for answer, count in reaching.items() if answer is not None)
    if not known:
        return {}
    return {
        "reachable_function": f"functions are known of {known:,} serious ones with a fix, {reaching[InUse.YES]:,} of "
        f"these reached, {reaching[InUse.NO]:,} not reached, {reaching[InUse.UNKNOWN]:,} unknown"
    }


def unknown_to_advisories(packages: Iterable[Package], facts: Mapping[str, Fact]) -> Iterator[str]:
    """Yield what was read and could not be looked up, by the facts of a search, one phrase an ecosystem."""
    absent = facts.get("advisories_not_in_source")
    missing = set(absent) if isinstance(absent, list) else set[str]()
    counts = Counter(base_of(advised_as(package)[0]) for package in packages)
    for base, count in sorted(counts.items()):
        if base == COMMITS and base in missing:
            yield f"{counted(count, 'commit')} of repositories, as the source has no advisories on commits"
        elif base in missing:
            yield f"{counted(count, 'package')} of {base}, as the source has no advisories on them"
        elif lacks_advisories(base):
            yield f"{counted(count, 'package')} of {base}, as no database has advisories on them"
