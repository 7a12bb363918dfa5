"""What a rule says of itself, whichever stage it belongs to."""

import msgspec

from gate.model.severity import Severity


class RuleDescription(msgspec.Struct, frozen=True, kw_only=True):
    """The text behind a rule's id: what `gate rules`, `gate explain` and the reports show."""

    id: str
    stage: str
    severity: Severity
    title: str
    why: str
    """What can go wrong."""
    mend: str
    """What to do about it."""
    references: tuple[str, ...] = ()
    """`CWE-798`, `CIS-DI-0001`, addresses."""
    bad: str = ""
    """The smallest example that the rule catches."""
    good: str = ""
    """The same, mended."""
