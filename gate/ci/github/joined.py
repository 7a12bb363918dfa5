"""Leaves out what zizmor says of a step that an attack path goes through, which says what follows from it."""

from collections.abc import Mapping, Sequence

from gate.ci.github.attack_paths import AttackPath
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
