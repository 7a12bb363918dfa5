"""Semantic versions whose build metadata counts: 1.0.0 < 1.0.0+1 < 1.0.0+2, as pub and Julia compare them."""

from gate.ecosystems.version_orders import SortKey, VersionOrder
from gate.ecosystems.version_orders.semver import VERSION, identifiers, key_of


def sort_key(version: str) -> SortKey:
    """Return the sort key of a version."""
    found = VERSION.fullmatch(version)
    build = found["build"] if found else None
    return (*key_of(found, version), identifiers(build) if build else ())


ORDER = VersionOrder(sort_key=sort_key, is_semantic=True, marks_unknown=True)
