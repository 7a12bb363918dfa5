"""NuGet's versions: four numbers and semver's pre-release labels, whose case does not count (NuGetVersion)."""

from gate.ecosystems.version_orders import SortKey, VersionOrder, semver


def sort_key(version: str) -> SortKey:
    """Return the sort key of a version."""
    return semver.sort_key(version.lower())


ORDER = VersionOrder(sort_key=sort_key)
