"""The words of a policy: rules with a condition, an effect and a reason, and what of it may be waived."""

import enum
from typing import Annotated, Any

import msgspec

from gate.core.durations import Duration
from gate.model import Confidence, Deployed, Exposed, InUse, Scope, Severity, Worth


class Effect(enum.Enum):
    """What a rule does to the findings that it matches."""

    BLOCK = "block"
    WARN = "warn"
    IGNORE = "ignore"

    @property
    def strictness(self) -> int:
        return (Effect.IGNORE, Effect.WARN, Effect.BLOCK).index(self)


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the policy section; a key that it does not have is an error."""


Name = Annotated[str, msgspec.Meta(min_length=1)]
OneOrMore = Name | tuple[Name, ...]
_Any = Name | Annotated[tuple[Name, ...], msgspec.Meta(min_length=1)]
"""Of an empty list nothing would ever match."""


class Condition(_Part, frozen=True, omit_defaults=True):
    """All that is given must hold; a list holds if one of its members does; a severity means "at least"."""

    stage: _Any | None = None
    rule: _Any | None = None
    """Rule ids or vulnerability ids and aliases, `*` as wildcard."""
    path: _Any | None = None
    """Path patterns; `*` stays in one folder, `**` crosses folders."""
    package: _Any | None = None
    """Package names, `*` as wildcard."""
    object: _Any | None = None
    """Objects of a cluster as `kind/namespace/name`, `*` as wildcard."""
    license: _Any | None = None
    """What the package states as its licence, `*` as wildcard."""
    severity: Severity | None = None
    confidence: Confidence | None = None
    worth: Worth | None = None
    """Whether it is worth stopping a change for, "at least"."""
    scope: Scope | Annotated[tuple[Scope, ...], msgspec.Meta(min_length=1)] | None = None
    direct: bool | None = None
    """True: the project asks for the package itself."""
    fixable: bool | None = None
    known_exploited: bool | None = None
    malicious: bool | None = None
    """True: the package was published with malicious intent."""
    vex: bool | None = None
    """True: a VEX document clears the package of the vulnerability."""
    secret: bool | None = None
    """True: the finding is a leaked credential, whichever stage saw it."""
    cvss: Annotated[float, msgspec.Meta(ge=0, le=10)] | None = None
    epss: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None
    in_use: InUse | Annotated[tuple[InUse, ...], msgspec.Meta(min_length=1)] | None = None
    reachable_function: InUse | Annotated[tuple[InUse, ...], msgspec.Meta(min_length=1)] | None = None
    """Whether a vulnerable function can be reached; `unknown` too where none is known."""
    exposed: Exposed | Annotated[tuple[Exposed, ...], msgspec.Meta(min_length=1)] | None = None
    """Whether a workload of the repository that runs the image can be reached from outside; of images alone."""
    deployed: Deployed | Annotated[tuple[Deployed, ...], msgspec.Meta(min_length=1)] | None = None
    """Whether the image or commit is deployed, by listings of what runs; `unknown` where none names it."""
    age: Duration | None = None
    """At least so long since it was first seen or published; nothing is said of a finding of unknown age."""
    cel: Annotated[str, msgspec.Meta(min_length=1)] | None = None
    """An expression in CEL over `finding`, for what the other keys cannot say; needs the extra `cel`."""
    new: bool | None = None
    """False: the rule is for what was there before the change, and may block it. Left out, a rule is for new ones."""


class Rule(_Part, frozen=True):
    """One rule of a policy."""

    id: Name
    why: Name
    when: Condition = Condition()
    effect: Effect = Effect.BLOCK
    grace: dict[Severity, Duration] = {}
    """By severity: so long after it was first seen or published, a finding does not block yet."""


class Waiving(_Part, frozen=True):
    """What may be waived, by whom, for how long."""

    rules: OneOrMore | None = None
    """Only findings of these rules (ids, vulnerability ids and aliases, `*` as wildcard); none given: of any."""
    never: tuple[Name, ...] = ()
    """Ids of policy rules: what they match no waiver and no comment sets aside, whichever rule decides on it."""
    owners: OneOrMore | None = None
    """Who may answer for a waiver, `*` as wildcard; `codeowners`: an owner of the path in the CODEOWNERS file."""
    longest: Duration | None = None
    """A waiver's last day is at most so far ahead."""
    keys: dict[Name, Name] = {}
    """Name and public ed25519 key (PEM, or a file of it): a waiver that one of them has signed counts at once."""
    comments: bool = True
    """Whether a comment at the finding (`gate: ignore=RULE reason`) waives it."""


class PolicySettings(_Part, frozen=True):
    """The `policy:` section of gate.yaml, or a policy in a file of its own.

    Its rules are asked before the built-in ones, and the first that matches decides; a rule with a built-in
    rule's id takes its place.
    """

    extends: str | None = None
    """The policy above this one: a file, `https://…#sha256=…`, `https://…#key=…`, `git+…@COMMIT#path` or `oci://…@sha256:…`."""
    rules: tuple[Rule, ...] = ()
    waivers: Waiving = Waiving()
    required_stages: tuple[Name, ...] = ()
    """Stages that must have looked at something; one that did not makes the verdict incomplete."""
    required_share: dict[Name, Annotated[int, msgspec.Meta(ge=0, le=100)]] = {}
    """By stage: per cent of the files, and of the lines, that it must look at of what it would without `paths` and
    `ignore`; less makes the verdict incomplete. Not given, it is 80 for stages that a policy above the project's
    requires and the project narrows."""
    required_judged: Annotated[int, msgspec.Meta(ge=0, le=100)] | None = None
    """Per cent of the packages a project declares that must have a version to judge; less makes the verdict incomplete,
    if 20 or more have none. Not given, it is 50."""
    required_targets: dict[Name, OneOrMore] = {}
    """By stage: names of targets (images, folders; `*` as wildcard) each of which it must have looked at."""
    enforce: bool = True
    """False: what these rules would block is reported, and passes."""
    ratchet: bool = False
    """With `--since`: what is accepted (waivers and baseline) may only become less."""


class Evidencing(_Part, frozen=True):
    """What an attestation has to be before `gate verify --policy` lets it count."""

    keys: tuple[Name, ...] = ()
    """Public ed25519 keys (PEM, or files of it, relative to the policy), one of which has to have signed."""
    max_age: Duration | None = None
    """Largest age of the verdict."""
    advisories_max_age: Duration | None = None
    """How long before today the advisories may have been checked with their source."""
    min_version: Name | None = None
    """Oldest version of the gate that may have judged."""
    trust: Annotated[tuple[Name, ...], msgspec.Meta(min_length=1)] | None = None
    """Whose word may have counted: `base`, `head`, `machine`; none given: anybody's."""
    comparisons: bool = True
    """False: a run that judged only what a change adds (`--since`) does not count."""


class Organisation(PolicySettings, frozen=True):
    """A policy above a project's: its rules are a layer of their own, and it can fix settings."""

    settings: dict[str, Any] = {}
    """Parts of gate.yaml with values that no project, variable or flag may change."""
    evidence: Evidencing = Evidencing()
    valid_for: Duration = "7d"
    """So long a copy is used when the policy itself cannot be fetched."""
