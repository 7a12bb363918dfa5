"""Joins what zizmor says with what the gate knows: nothing twice, and what is about releases counts where there is one.

A remark on a step that an attack path goes through is left out: the path says what follows from it.
"""

from collections.abc import Collection, Mapping, Sequence

import msgspec

from gate.ci.github.attack_paths import AttackPath
from gate.ci.model import JobLines
from gate.model import Severity, Worth
from gate.rules import Hit, StageRule

_SAME: Mapping[str, frozenset[str]] = {
    "code": frozenset({"dangerous-triggers", "artipacked"}),
    "text": frozenset({"dangerous-triggers", "template-injection"}),
    "environment": frozenset({"dangerous-triggers", "github-env", "template-injection"}),
    "artifact": frozenset({"dangerous-triggers"}),
    "cache": frozenset({"dangerous-triggers", "cache-poisoning", "artipacked", "template-injection"}),
    "agent": frozenset({"dangerous-triggers"}),
    "member": frozenset({"template-injection"}),
    "supplier": frozenset({"unpinned-uses"}),
}
"""By the kind of a path, the audits that are about the same."""
_OF_FILE = frozenset({"dangerous-triggers"})
"""Audits on a whole workflow."""
_OF_RELEASES = "cache-poisoning"
"""The audit on caches that what is published is built with."""
_NO_RELEASE = ("neither this job nor one that needs it can publish anything",)


def without_repeats(hits: Sequence[tuple[StageRule, Hit]]) -> list[tuple[StageRule, Hit]]:
    """Return the hits without those of audits on the steps of an attack path."""
    paths = [hit.part for _, hit in hits if isinstance(hit.part, AttackPath)]
    if not paths:
        return list(hits)
    covered: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for path in paths:
        for link in path.links:
            for audit in _SAME.get(path.kind, ()):
                span = (0, 1 << 30) if audit in _OF_FILE else (link.first, link.last)
                covered.setdefault((audit, link.path), []).append(span)
    return [(rule, hit) for rule, hit in hits if not _is_covered(rule, hit, covered)]


def _is_covered(rule: StageRule, hit: Hit, covered: Mapping[tuple[str, str], list[tuple[int, int]]]) -> bool:
    spans = covered.get((rule.id, hit.path or ""), ())
    line = hit.span[0][0] if hit.span else hit.line or 0
    return any(first <= line <= last for first, last in spans)


def is_of_releases(rule: StageRule) -> bool:
    """True for a rule that matters where something is published, and nowhere else."""
    return rule.id == _OF_RELEASES


def of_releases(
    hits: Sequence[tuple[StageRule, Hit]], without_release: Collection[JobLines]
) -> list[tuple[StageRule, Hit]]:
    """Return the hits; what is about releases is of low severity and worth in a job that can publish nothing."""
    return [
        (rule, _lowered(hit) if is_of_releases(rule) and _stands_in(hit, without_release) else hit)
        for rule, hit in hits
    ]


def _lowered(hit: Hit) -> Hit:
    return msgspec.structs.replace(hit, severity=Severity.LOW, worth=Worth.LOW, worth_evidence=_NO_RELEASE)


def _stands_in(hit: Hit, places: Collection[JobLines]) -> bool:
    line = hit.span[0][0] if hit.span else hit.line or 0
    return any(one.path == hit.path and one.first <= line <= one.last for one in places)
