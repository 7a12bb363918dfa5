"""Whether a version is affected: OSV's evaluation algorithm (ossf.github.io/osv-schema, "Evaluation")."""

from collections.abc import Iterator

from gate.advisories.osv import Advisory, Range
from gate.advisories.versions import is_understood, order_of, sort_key
from gate.ecosystems.version_orders import BEFORE_ALL, SortKey

_KINDS = ("fixed", "introduced", "last_affected")
"""Order of events at one version: a branch can be introduced where another is fixed, and then is affected."""
_SEMANTIC = "npm"
"""An ecosystem whose order is that of semantic versions."""
_MAX_READ = 64
"""Characters that are read of an end that is no version."""


def is_affected(base: str, advisory: Advisory, version: str) -> bool:
    """True if `advisory` says that `version` of its package, of the ecosystem `base`, is affected."""
    if version in advisory.versions or any(_is_in(base, each, version) for each in advisory.ranges):
        return True
    key = sort_key(base, version)
    return any(sort_key(base, listed) == key for listed in advisory.versions)


def _is_in(ecosystem: str, each: Range, version: str) -> bool:
    base = _orderer_of(ecosystem, each)
    key = sort_key(base, version)
    limits = [limit for kind, limit in each.events if kind == "limit"]
    if limits and not any(_is_below(key, base, limit) for limit in limits):
        return False
    affected = has_no_start(each)
    bounds = _understood(base, each) if is_understood(base, version) else _bounds(each)
    for event_key, kind in sorted((_event_key(base, kind, at), _KINDS.index(kind)) for kind, at in bounds):
        match _KINDS[kind]:
            case "introduced" if key >= event_key:
                affected = True
            case "fixed" if key >= event_key:
                affected = False
            case "last_affected" if key > event_key:
                affected = False
    return affected


def _orderer_of(ecosystem: str, each: Range) -> str:
    """Return the ecosystem by whose order a range is read: its own, unless the range alone is of semantic versions."""
    order = order_of(ecosystem)
    is_own = not each.is_semantic or (order is not None and order.is_semantic)
    return ecosystem if is_own else _SEMANTIC


def _is_below(key: SortKey, base: str, limit: str) -> bool:
    return limit == "*" or not is_understood(base, limit) or key < sort_key(base, limit)


def has_no_start(each: Range) -> bool:
    """True for a range that ends and does not begin, against the schema: all before its end counts as affected."""
    kinds = {kind for kind, _ in each.events}
    return "introduced" not in kinds and not kinds.isdisjoint(("fixed", "last_affected"))


def _bounds(each: Range) -> list[tuple[str, str]]:
    return [event for event in each.events if event[0] != "limit"]


def _understood(base: str, each: Range) -> Iterator[tuple[str, str]]:
    """Yield the bounds; in place of an end that is no version what can be read of it, itself still affected.

    Databases write `2.6.0-NA` for Python's 2.6.0. An end that cannot be read at all
    is unknown: everything after the start counts as affected.
    """
    for kind, at in _bounds(each):
        if kind == "introduced" or is_understood(base, at):
            yield kind, at
        elif beginning := _understood_beginning(base, at):
            yield "last_affected", beginning


def _understood_beginning(base: str, at: str) -> str | None:
    beginnings = (at[:end] for end in range(min(len(at), _MAX_READ), 0, -1))
    return next((beginning for beginning in beginnings if is_understood(base, beginning)), None)


def _event_key(base: str, kind: str, at: str) -> SortKey:
    return BEFORE_ALL if kind == "introduced" and at == "0" else sort_key(base, at)


def fixes(advisory: Advisory) -> set[str]:
    """Return the versions in which `advisory` says that a range ends."""
    return {version for each in advisory.ranges for kind, version in each.events if kind == "fixed"}
