"""Rules on what a change would loosen, and their findings."""

from gate.core.text import counted
from gate.model import GATE, Finding, Loosened, Severity
from gate.rules import Hit, RuleSet, StageRule, finding_of

_SEE = "docs/explanation/trust.md"
_MEND = (
    "Look at the line: once it is merged, it counts. Take it out if that is not meant. An organisation's policy can "
    "block it, or name keys whose signature lets it count at once."
)
ON_THE_GATE = RuleSet(GATE, "on the gate itself")


def _rule(rule_id: str, title: str, why: str, mend: str = _MEND) -> StageRule:
    return ON_THE_GATE.without_check(
        rule_id, Severity.MEDIUM, title, module=__name__, why=why, mend=mend, references=(_SEE,)
    )


RULES = {
    rule.id: rule
    for rule in (
        _rule(
            "GATE-SETTINGS",
            "The change loosens the gate's settings",
            "Settings decide what is looked at. Those of a change could switch off what would find its own mistakes.",
        ),
        _rule(
            "GATE-POLICY",
            "The change loosens the gate's policy",
            "The policy decides what blocks. Rules that a change takes out or weakens would let itself pass.",
        ),
        _rule(
            "GATE-WAIVER",
            "The change adds a waiver",
            "A waiver accepts a finding. One that comes with the finding was agreed to by its author alone.",
            "Have it signed by someone who may answer for it (`gate waive … --key FILE`), or merge it by itself first.",
        ),
        _rule(
            "GATE-BASELINE",
            "The change adds to the baseline",
            "The baseline holds what was there when it was made. What a change adds to it was not.",
            "Fix what is new, or waive it with a reason; write the baseline on the protected branch alone.",
        ),
        _rule(
            "GATE-CODEOWNERS",
            "The change names other owners who may waive",
            "The policy lets owners of a path waive what is found there, and the change says who they are.",
        ),
        _rule(
            "GATE-VEX",
            "The change clears vulnerabilities by a VEX document",
            "What a VEX document clears is ignored. One that comes with the package was agreed to by no one else.",
        ),
        _rule(
            "GATE-COMMENT",
            "The change adds a comment that silences a finding",
            "A comment beside a finding accepts it. One that comes with the finding was agreed to by no one else.",
        ),
        _rule(
            "GATE-HADOLINT",
            "The change loosens .hadolint.yaml",
            "It switches rules of the dockerfile stage off, or lowers them.",
        ),
    )
}
"""Every rule on the gate being loosened, by its id; a stage names them in `StageResult.loosened`."""


def finding_of_loosened(loosened: Loosened) -> Finding:
    """Return the finding on what a change would loosen."""
    message = f"{loosened.what}: {_effect(loosened)}. It has no effect before it is merged."
    hit = Hit(message=message, line=loosened.line, evidence=(loosened.what,), mend="")
    return finding_of(RULES[loosened.rule], hit, loosened.target, path=loosened.path)


def _effect(loosened: Loosened) -> str:
    if loosened.passes is None:
        return "what would pass because of it cannot be counted"
    if not loosened.passes:
        return "nothing of today's findings would pass because of it"
    return f"{counted(len(loosened.passes), 'finding')} of today would pass because of it"
