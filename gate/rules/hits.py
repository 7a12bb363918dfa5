"""What a rule's check yields: one problem at one place, and the change that fixes it."""

from typing import Any

import msgspec

from gate.model import Confidence, Edit, Package, Secret, Severity, Worth

Span = tuple[tuple[int, int], tuple[int, int]]
"""Start and end (exclusive) as (line, column), both from 1."""


Weighed = tuple[Worth, tuple[str, ...]]
"""A worth, and what it is known by."""


class Change(msgspec.Struct, frozen=True):
    """Put `text` in place of what stands at `span`; an empty span is an insertion."""

    span: Span
    text: str


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """One problem. The rule brings the title, severity and advice."""

    message: str
    """What is wrong at this place, with the value; never with a secret's value."""
    path: str | None = None
    """The file; None: the one that the rule is asked about, or the target as a whole."""
    line: int | None = None
    end_line: int | None = None
    """The lines, where `span` is not known."""
    span: Span | None = None
    """The exact place in the file."""
    layer: str | None = None
    """Diff id of the image layer that brought the file."""
    places: tuple[tuple[str, str], ...] = ()
    """Further paths with the same problem, and the layers that brought them."""
    part: Any = None
    """The part of the file in which a comment can silence the rule, as the stage's parser has it: an instruction."""
    evidence: tuple[str, ...] = ()
    """What tells this hit from others of its rule, for the fingerprint; never a secret or a line number."""
    changes: tuple[Change, ...] = ()
    """The mechanical fix, where there is one that is safe, in the file that the rule is asked about."""
    edits: tuple[Edit, ...] = ()
    """The same for fixes in other files."""
    title: str | None = None
    """Where it says more than the rule's."""
    mend: str | None = None
    """Advice, where it says more than the rule's; empty: there is none."""
    severity: Severity | None = None
    """Where this one is worse or milder than its rule says."""
    confidence: Confidence = Confidence.HIGH
    worth: Worth = Worth.MEDIUM
    worth_evidence: tuple[str, ...] = ()
    """What the stage knows of its worth beyond what `with_worth` sees."""
    object: str | None = None
    field: str | None = None
    """The object of a cluster and its field, as in a Finding."""
    secret: Secret | None = None
    package: Package | None = None
    ships: bool = True
    """False if it does not reach what is delivered: a build stage that the final image is not made of."""
