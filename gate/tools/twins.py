"""What a tool reports that a stage of the gate found too: the same kind of problem at the same place, told once."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from gate.model import Finding, StageResult
from gate.tools.findings import STAGE

Mark = tuple[str, ...]


def without_twins(results: Sequence[StageResult]) -> list[StageResult]:
    """Leave the tools' findings out that the gate's own stages have, and say in the facts how many these are."""
    own = {mark for result in results if result.stage != STAGE for mark in _all_marks(result.findings)}
    return [_without(result, own) if result.stage == STAGE and result.findings else result for result in results]


def _without(result: StageResult, own: set[Mark]) -> StageResult:
    kept = tuple(finding for finding in result.findings if own.isdisjoint(_marks(finding)))
    known = len(result.findings) - len(kept)
    return msgspec.structs.replace(result, findings=kept, facts={**result.facts, "found_by_other_stages": known})


def _all_marks(findings: Iterable[Finding]) -> Iterator[Mark]:
    for finding in findings:
        yield from _marks(finding)


def _marks(finding: Finding) -> Iterator[Mark]:
    """Yield what names kind and place: a vulnerability and its package, a secret's line, a rule's line."""
    target = finding.location.target
    if finding.vulnerability and finding.package:
        for name in (finding.vulnerability.id, *finding.vulnerability.aliases):
            yield (target, "vulnerability", name, finding.package.name.lower())
        return
    for place in (finding.location, *finding.places):
        if place.path and place.line:
            kind = "secret" if finding.secret else finding.rule.rpartition(":")[2]
            yield (place.target, kind, place.path, str(place.line))
