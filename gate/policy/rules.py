"""The words of a policy: rules with a condition, an effect and a reason."""

import enum

import msgspec

from gate.model import Confidence, InUse, Scope, Severity


class Effect(enum.Enum):
    """What a rule does to the findings that it matches."""

    BLOCK = "block"
    WARN = "warn"
    IGNORE = "ignore"


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the policy section; a key that it does not have is an error."""


OneOrMore = str | tuple[str, ...]


class Condition(_Part, frozen=True, omit_defaults=True):
    """All that is given must hold; a list holds if one of its members does; a severity means "at least"."""

    stage: OneOrMore | None = None
    rule: OneOrMore | None = None
    """Rule ids or vulnerability ids and aliases, `*` as wildcard."""
    path: OneOrMore | None = None
    """Path patterns; `*` stays in one folder, `**` crosses folders."""
    package: OneOrMore | None = None
    """Package names, `*` as wildcard."""
    severity: Severity | None = None
    confidence: Confidence | None = None
    scope: Scope | tuple[Scope, ...] | None = None
    fixable: bool | None = None
    known_exploited: bool | None = None
    secret: bool | None = None
    """True: the finding is a leaked credential, whichever stage saw it."""
    cvss: float | None = None
    epss: float | None = None
    in_use: InUse | tuple[InUse, ...] | None = None


class Rule(_Part, frozen=True):
    """One rule of a policy."""

    id: str
    why: str
    when: Condition = Condition()
    effect: Effect = Effect.BLOCK


class PolicySettings(_Part, frozen=True):
    """The `policy:` section of gate.yaml.

    Its rules are asked before the built-in ones, and the first that matches decides; a rule with a built-in
    rule's id takes its place.
    """

    rules: tuple[Rule, ...] = ()
