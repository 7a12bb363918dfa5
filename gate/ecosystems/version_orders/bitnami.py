"""Bitnami's versions: semantic ones, and a number behind the hyphen is a later revision, no pre-release."""

from gate.ecosystems.version_orders import SortKey, VersionOrder, semver
from gate.ecosystems.version_orders.numbers import ZERO, number


def sort_key(version: str) -> SortKey:
    """Return the sort key of a version."""
    upstream, _, revision = version.partition("-")
    if revision.removeprefix("r").isdecimal() and revision.isascii():
        return (*semver.sort_key(upstream), number(revision.removeprefix("r")))
    return (*semver.sort_key(version), ZERO)


ORDER = VersionOrder(sort_key=sort_key, is_semantic=True)
