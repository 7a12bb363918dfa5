"""How a rule is written, whichever stage asks it: its text, what it is asked of, and a check that yields hits.

    DEPLOYMENTS = RuleSet("kubernetes", "on Kubernetes", own="gate.kubernetes.rules")
    CONTAINERS = RuleScope(Container)

    @DEPLOYMENTS.rule(
        "GK001",
        Severity.HIGH,
        "Privileged container",
        looks_at=CONTAINERS,
        why="A privileged container can do on the node whatever root can.",
        mend="Remove privileged: true.",
        references=("CWE-250",),
        bad="securityContext: {privileged: true}",
        good="securityContext: {privileged: false}",
    )
    def privileged(container: Container) -> Iterator[Hit]:
        if container.is_privileged:
            yield Hit(message=f"{container.name} is privileged", line=container.line, evidence=(container.field,))

What differs from stage to stage is what its rules are asked of. The stage makes these subjects, calls `ask` for each,
and `finding_of` for each hit. A test of each stage executes `bad` and `good`.
"""

from gate.rules.findings import finding_of
from gate.rules.hits import Change, Hit, Span
from gate.rules.rule import Check, RuleScope, StageRule, ask, without_check
from gate.rules.rule_set import RuleSet
from gate.rules.worth import with_worth

__all__ = [
    "Change",
    "Check",
    "Hit",
    "RuleScope",
    "RuleSet",
    "Span",
    "StageRule",
    "ask",
    "finding_of",
    "with_worth",
    "without_check",
]
