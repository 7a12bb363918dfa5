"""The rule that a kind of secret stands for: its row is the text, the detectors find its hits."""

from functools import cache

from gate.declarations.secrets import SECRETS
from gate.model import RuleDescription
from gate.rules import StageRule, without_check
from gate.secrets.kinds.catalogue import SecretKind

_HARD_CODED_CREDENTIALS = "CWE-798"


@cache
def rule_of(kind: SecretKind) -> StageRule:
    """Return the rule of a kind."""
    description = RuleDescription(
        id=kind.rule,
        stage=SECRETS.name,
        severity=kind.severity,
        title=kind.title,
        why=kind.why,
        mend=kind.mend,
        references=(_HARD_CODED_CREDENTIALS, *((kind.help_uri,) if kind.help_uri else ())),
    )
    return without_check(description, __name__, kind.help_uri)
