"""Rules on what a change would loosen, and their findings."""

from gate.core.text import counted
from gate.model import GATE, Finding, Loosened, Severity
from gate.rules import Hit, RuleSet, StageRule, finding_of

_SEE = "docs/explanation/trust.md"
_MEND = (
    "Review the line: it takes effect once it is merged. Remove it if that is not intended. An organisation's policy "
    "can block it, or trust keys whose signature makes it take effect at once."
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
            "Settings decide what is checked. A change could switch off the check that would find its own problems.",
        ),
        _rule(
            "GATE-POLICY",
            "The change loosens the gate's policy",
            "The policy decides what blocks. A change that removes or weakens its rules could let itself pass.",
        ),
        _rule(
            "GATE-WAIVER",
            "The change adds a waiver",
            "A waiver accepts a finding. Here both come in one change, so only its author has agreed to it.",
            "Have someone sign it who may approve waivers (`gate waive … --key FILE`), or merge it on its own first.",
        ),
        _rule(
            "GATE-BASELINE",
            "The change adds to the baseline",
            "A baseline records findings that existed when it was written. What this change adds to it is new.",
            "Fix what is new, or waive it with a reason; update the baseline only on the protected branch.",
        ),
        _rule(
            "GATE-CODEOWNERS",
            "The change alters who may waive findings",
            "The policy lets the owners of a path waive findings in it, and the change decides who they are.",
        ),
        _rule(
            "GATE-VEX",
            "The change clears vulnerabilities by a VEX document",
            (
                "Findings that a VEX document clears are ignored. Here the document comes with the package, so no one "
                "else has agreed to it."
            ),
        ),
        _rule(
            "GATE-COMMENT",
            "The change adds a comment that silences a finding",
            (
                "A comment on a finding's line accepts the finding. Here both come in one change, so no one else has "
                "agreed to it."
            ),
        ),
        _rule(
            "GATE-HADOLINT",
            "The change loosens .hadolint.yaml",
            "It switches off rules of the dockerfile stage, or lowers their severity.",
        ),
        _rule(
            "GATE-ZIZMOR",
            "The change loosens zizmor.yml",
            "It disables audits of the ci stage, has them ignore places, or configures them otherwise.",
        ),
    )
}
"""Every rule on the gate being loosened, by its id; a stage names them in `StageResult.loosened`."""


def finding_of_loosened(loosened: Loosened) -> Finding:
    """Return the finding on what a change would loosen."""
    message = f"{loosened.what}: {_effect(loosened)}. It takes effect only after the merge."
    hit = Hit(message=message, line=loosened.line, evidence=(loosened.what,), mend="")
    return finding_of(RULES[loosened.rule], hit, loosened.target, path=loosened.path)


def _effect(loosened: Loosened) -> str:
    if loosened.passes is None:
        return "what would pass because of it cannot be counted"
    if not loosened.passes:
        return "nothing of today's findings would pass because of it"
    return f"{counted(len(loosened.passes), 'finding')} of today would pass because of it"
