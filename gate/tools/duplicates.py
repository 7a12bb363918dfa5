"""What a tool reports that a stage of the gate found too: the same kind of problem at the same place, told once.

Of a secret a tool is a second opinion: it can be surer than the gate, or have asked the service whether the secret is
valid. That goes over to the gate's own finding; nothing that a tool says makes one milder.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from gate.model import Finding, Severity, StageResult
from gate.tools.findings import STAGE, answer

Mark = tuple[str, ...]
AtMark = Mapping[Mark, Sequence[Finding]]


def without_twins(results: Sequence[StageResult]) -> list[StageResult]:
    """Leave the tools' findings out that the gate's own stages have, and say in the facts how many these are."""
    theirs = [one for result in results if result.stage == STAGE for one in result.findings]
    if not theirs:
        return list(results)
    own = _by_mark(one for result in results if result.stage != STAGE for one in result.findings)
    opinions = _opinions(_by_mark(one for one in theirs if one.secret), own)
    return [
        _without(result, own, opinions) if result.stage == STAGE else _informed(result, opinions) for result in results
    ]


def _by_mark(findings: Iterable[Finding]) -> dict[Mark, list[Finding]]:
    found: dict[Mark, list[Finding]] = defaultdict(list)
    for finding in findings:
        for mark in set(_marks(finding)):
            found[mark].append(finding)
    return dict(found)


def _opinions(theirs: AtMark, own: AtMark) -> AtMark:
    """Return what tools say of secrets where there is no doubt which is meant: one of ours, and no two answers."""
    return {
        mark: said
        for mark, said in theirs.items()
        if len(own.get(mark, ())) == 1 and len({_is_valid(one) for one in said} - {None}) < 2
    }


def _is_valid(finding: Finding) -> bool | None:
    return finding.secret.verified if finding.secret else None


def _without(result: StageResult, own: AtMark, opinions: AtMark) -> StageResult:
    if not result.findings:
        return result
    kept = tuple(finding for finding in result.findings if not _is_told(finding, own, opinions))
    known = len(result.findings) - len(kept)
    return msgspec.structs.replace(result, findings=kept, facts={**result.facts, "found_by_other_stages": known})


def _is_told(finding: Finding, own: AtMark, opinions: AtMark) -> bool:
    """True if findings of ours say it all; of a secret, with what they take over."""
    ours = [one for mark in _marks(finding) for one in own.get(mark, ())]
    if not ours or finding.secret is None:
        return bool(ours)
    says_more = _is_valid(finding) is not None or finding.confidence > max(one.confidence for one in ours)
    return not says_more or any(mark in opinions for mark in _marks(finding))


def _informed(result: StageResult, opinions: AtMark) -> StageResult:
    if not any(mark in opinions for finding in result.findings for mark in _marks(finding)):
        return result
    return msgspec.structs.replace(result, findings=tuple(_with(one, opinions) for one in result.findings))


def _with(finding: Finding, opinions: AtMark) -> Finding:
    said = [one for mark in set(_marks(finding)) for one in opinions.get(mark, ())]
    return _with_answer(_surer(finding, said), said) if said else finding


def _surer(finding: Finding, said: Sequence[Finding]) -> Finding:
    surest = max(said, key=lambda one: one.confidence)
    if surest.confidence <= finding.confidence:
        return finding
    message = f"{finding.message}; {_tool(surest)} reports it as well"
    return msgspec.structs.replace(finding, confidence=surest.confidence, message=message)


def _with_answer(finding: Finding, said: Sequence[Finding]) -> Finding:
    """Return the finding with its service's answer: a secret that is accepted, wherever it stands, is critical."""
    asked = [one for one in said if _is_valid(one) is not None]
    if not asked or finding.secret is None:
        return finding
    one = max(asked, key=lambda one: bool(_is_valid(one)))
    is_valid = bool(_is_valid(one))
    return msgspec.structs.replace(
        finding,
        message=f"{finding.message}; {answer(_tool(one), is_valid)}",
        severity=Severity.CRITICAL if is_valid else finding.severity,
        secret=msgspec.structs.replace(finding.secret, verified=is_valid),
    )


def _tool(finding: Finding) -> str:
    return finding.rule.partition(":")[0]


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
