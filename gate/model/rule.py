"""The description of a rule, for rules of all stages."""

import msgspec

from gate.model.severity import Severity


class RuleDescription(msgspec.Struct, frozen=True, kw_only=True):
    """A rule's texts, which `gate rules`, `gate explain` and the reports show."""

    id: str
    stage: str
    severity: Severity
    title: str
    why: str
    """What can go wrong."""
    mend: str
    """What to do about it."""
    references: tuple[str, ...] = ()
    """Ids such as `CWE-798` and `CIS-DI-0001`, or URLs."""
    bad: str = ""
    """The smallest example that the rule catches."""
    good: str = ""
    """The same example, fixed."""
