"""What a rule's check yields: one problem at one place, and the change that mends it."""

import msgspec

from gate.dockerfile.syntax import Instruction
from gate.dockerfile.text import Span
from gate.model import Severity


class Change(msgspec.Struct, frozen=True):
    """Put `text` in place of what stands at `span`; an empty span is an insertion."""

    span: Span
    text: str


class Hit(msgspec.Struct, frozen=True):
    """One problem. The rule brings the title, severity and advice."""

    instruction: Instruction | None
    """Where a pragma can silence it; None for what belongs to no instruction."""
    span: Span
    message: str
    """What is wrong at this place, with the value; never with a secret's value."""
    changes: tuple[Change, ...] = ()
    """The mechanical fix, where there is one that is safe."""
    evidence: str | None = None
    """What the fingerprint is made of instead of the instruction's text."""
    severity: Severity | None = None
    """Where this one is worse or milder than its rule says."""
    ships: bool = True
    """False in a build stage that does not reach the final image."""
