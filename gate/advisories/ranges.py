"""Whether a version is affected: OSV's evaluation algorithm (ossf.github.io/osv-schema, "Evaluation")."""

from gate.advisories.osv import Advisory, Range
from gate.advisories.versions import BEFORE_ALL, SEMANTIC, SortKey, sort_key

_KINDS = ("fixed", "introduced", "last_affected")
"""Order of events at one version: a branch can be introduced where another is fixed, and then is affected."""


def is_affected(base: str, advisory: Advisory, version: str) -> bool:
    """True if `advisory` says that `version` of its package, of the ecosystem `base`, is affected."""
    if version in advisory.versions or any(_is_in(base, each, version) for each in advisory.ranges):
        return True
    key = sort_key(base, version)
    return any(sort_key(base, listed) == key for listed in advisory.versions)


def _is_in(ecosystem: str, each: Range, version: str) -> bool:
    base = "npm" if each.is_semantic and ecosystem not in SEMANTIC else ecosystem
    key = sort_key(base, version)
    limits = [limit for kind, limit in each.events if kind == "limit"]
    if limits and not any(limit == "*" or key < sort_key(base, limit) for limit in limits):
        return False
    affected = has_no_start(each)
    for event_key, kind in sorted((_event_key(base, kind, at), _KINDS.index(kind)) for kind, at in _bounds(each)):
        match _KINDS[kind]:
            case "introduced" if key >= event_key:
                affected = True
            case "fixed" if key >= event_key:
                affected = False
            case "last_affected" if key > event_key:
                affected = False
    return affected


def has_no_start(each: Range) -> bool:
    """True for a range that ends and does not begin, against the schema: all before its end counts as affected."""
    kinds = {kind for kind, _ in each.events}
    return "introduced" not in kinds and not kinds.isdisjoint(("fixed", "last_affected"))


def _bounds(each: Range) -> list[tuple[str, str]]:
    return [event for event in each.events if event[0] != "limit"]


def _event_key(base: str, kind: str, at: str) -> SortKey:
    return BEFORE_ALL if kind == "introduced" and at == "0" else sort_key(base, at)


def fixes(advisory: Advisory) -> set[str]:
    """Return the versions in which `advisory` says that a range ends."""
    return {version for each in advisory.ranges for kind, version in each.events if kind == "fixed"}
