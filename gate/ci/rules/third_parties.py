"""The rule on third parties that a project does not allow."""

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

import msgspec

from gate.ci.families import party_hit
from gate.ci.model import PipelineParty
from gate.ci.rule import rule
from gate.model import Severity
from gate.rules import Hit, RuleScope

_SERIOUS = frozenset({"code", "secrets"})


class PartyLists(msgspec.Struct, frozen=True, kw_only=True):
    """Patterns of names or owners, `*` as wildcard. An empty `allow` allows all that is not denied."""

    allow: Sequence[str] = ()
    deny: Sequence[str] = ()

    def refuse(self, party: PipelineParty) -> bool:
        """True if a party is denied, or is not among those that are allowed."""
        return _is_in(party, self.deny) or bool(self.allow and not _is_in(party, self.allow))


class ListedParty(msgspec.Struct, frozen=True):
    """What the rule is asked of: a third party, and the lists of the project."""

    party: PipelineParty
    lists: PartyLists


PARTIES = RuleScope(ListedParty)


def _is_in(party: PipelineParty, patterns: Sequence[str]) -> bool:
    names = (party.name.lower(), party.owner.lower())
    return any(fnmatchcase(name, pattern.lower()) for pattern in patterns for name in names if name)


@rule(
    "GC090",
    Severity.MEDIUM,
    "Third party that the project does not allow",
    looks_at=PARTIES,
    why="It receives what the pipeline gives it; the lists in gate.yaml define who may take part.",
    mend="Remove it, or ask the owner of the lists to allow it.",
    references=("CWE-829",),
    bad="npm publish",
    good="npm pack",
)
def party_is_not_allowed(listed: ListedParty) -> Iterator[Hit]:
    party = listed.party
    if listed.lists.refuse(party):
        gets = " and ".join(party.receives) or "nothing that is known"
        severity = Severity.HIGH if _SERIOUS.intersection(party.receives) else None
        message = f"The {party.kind} {party.name} receives {gets}; `third_parties` in gate.yaml does not allow it"
        yield party_hit(party, message, severity)
