"""Removing duplicates: a tool's finding of the same kind at the same place as one of the gate's own is left out.

For secrets a tool is a second opinion: it can be more confident than the gate, or have asked the service whether the
secret is valid. Both are copied to the gate's own finding. Nothing that a tool says makes a finding less severe.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from gate.model import Finding, Severity, StageResult
from gate.tools.findings import STAGE, answer

Key = tuple[str, ...]
"""Identifies kind and place of a problem."""
ByKey = Mapping[Key, Sequence[Finding]]


def without_duplicates(results: Sequence[StageResult]) -> list[StageResult]:
    """Leave out the tools' findings that the gate's own stages have too, and state in the facts how many they are."""
    theirs = [one for result in results if result.stage == STAGE for one in result.findings]
    if not theirs:
        return list(results)
    own = _by_key(one for result in results if result.stage != STAGE for one in result.findings)
    opinions = _opinions(_by_key(one for one in theirs if one.secret), own)
    return [
        _without(result, own, opinions) if result.stage == STAGE else _enriched(result, opinions) for result in results
    ]


def _by_key(findings: Iterable[Finding]) -> dict[Key, list[Finding]]:
    found: dict[Key, list[Finding]] = defaultdict(list)
    for finding in findings:
        for key in set(_keys(finding)):
            found[key].append(finding)
    return dict(found)


def _opinions(theirs: ByKey, own: ByKey) -> ByKey:
    """Return the tools' findings of secrets that clearly mean one of ours, and agree on whether it is valid."""
    opinions = {}
    for key, findings in theirs.items():
        answers = set(map(_is_valid, findings)) - {None}
        if len(own.get(key, ())) == 1 and len(answers) < 2:
            opinions[key] = findings
    return opinions


def _is_valid(finding: Finding) -> bool | None:
    return finding.secret.verified if finding.secret else None


def _without(result: StageResult, own: ByKey, opinions: ByKey) -> StageResult:
    if not result.findings:
        return result
    kept = tuple(finding for finding in result.findings if not _is_duplicate(finding, own, opinions))
    known = len(result.findings) - len(kept)
    return msgspec.structs.replace(result, findings=kept, facts={**result.facts, "found_by_other_stages": known})


def _is_duplicate(finding: Finding, own: ByKey, opinions: ByKey) -> bool:
    """True if our findings hold all that the tool's does, after they took over its opinion of a secret."""
    ours = [one for key in _keys(finding) for one in own.get(key, ())]
    if not ours or finding.secret is None:
        return bool(ours)
    says_more = _is_valid(finding) is not None or finding.confidence > max(one.confidence for one in ours)
    return not says_more or any(key in opinions for key in _keys(finding))


def _enriched(result: StageResult, opinions: ByKey) -> StageResult:
    if not any(key in opinions for finding in result.findings for key in _keys(finding)):
        return result
    return msgspec.structs.replace(result, findings=tuple(_with(one, opinions) for one in result.findings))


def _with(finding: Finding, opinions: ByKey) -> Finding:
    said = [one for key in set(_keys(finding)) for one in opinions.get(key, ())]
    return _with_answer(_with_confidence(finding, said), said) if said else finding


def _with_confidence(finding: Finding, said: Sequence[Finding]) -> Finding:
    surest = max(said, key=lambda one: one.confidence)
    if surest.confidence <= finding.confidence:
        return finding
    message = f"{finding.message}; {_tool(surest)} reports it as well"
    return msgspec.structs.replace(finding, confidence=surest.confidence, message=message)


def _with_answer(finding: Finding, said: Sequence[Finding]) -> Finding:
    """Return the finding with the answer of the secret's service: a valid secret is critical, wherever it is."""
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


def _keys(finding: Finding) -> Iterator[Key]:
    """Yield the keys of a finding: a vulnerability's ids with its package, or the kind and line of each place."""
    target = finding.location.target
    if finding.vulnerability and finding.package:
        for name in (finding.vulnerability.id, *finding.vulnerability.aliases):
            yield (target, "vulnerability", name, finding.package.name.lower())
        return
    for place in (finding.location, *finding.places):
        if place.path and place.line:
            kind = "secret" if finding.secret else finding.rule.rpartition(":")[2]
            yield (place.target, kind, place.path, str(place.line))
