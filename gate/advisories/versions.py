"""Comparing two versions of an ecosystem, by the order that its description in `gate.ecosystems` names."""

from functools import lru_cache

from gate.core.errors import UnreadableError
from gate.ecosystems import base_of, find
from gate.ecosystems.version_orders import SortKey, VersionOrder, order_named


@lru_cache(maxsize=1 << 17)
def sort_key(base: str, version: str) -> SortKey:
    """Return the sort key of `version`. Raises UnreadableError if the ecosystem `base` has no order of versions."""
    order = order_of(base)
    if order is None:
        raise UnreadableError(f"no version order is known for the ecosystem {base}")
    return order.sort_key(version)


@lru_cache(maxsize=256)
def order_of(base: str) -> VersionOrder | None:
    """Return the order of the versions of the ecosystem `base`; None if it has none, or is not known."""
    ecosystem = find(base)
    return order_named(ecosystem.version_order) if ecosystem and ecosystem.version_order else None


def is_understood(base: str, version: str) -> bool:
    """True unless the order of the ecosystem `base` says that `version` is none."""
    order = order_of(base)
    return order is None or not order.marks_unknown or sort_key(base, version)[0] != 0


def compare(ecosystem: str, first: str, second: str) -> int:
    """Return -1, 0 or 1 as `first` is lower than, equal to or higher than `second` in `ecosystem`."""
    base = _orderer_of(ecosystem)
    one, other = sort_key(base, first), sort_key(base, second)
    return (one > other) - (one < other)


def _orderer_of(ecosystem: str) -> str:
    """Return the ecosystem by whose rules the versions of `ecosystem` are ordered: npm for `Root:npm`."""
    base, _, rest = ecosystem.partition(":")
    own = find(base)
    rebuilt = base_of(rest)
    return rebuilt if own and own.rebuilds_others and order_of(rebuilt) else base
