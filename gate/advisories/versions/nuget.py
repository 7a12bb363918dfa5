"""NuGet's versions: four numbers and semver's pre-release labels, whose case does not count (NuGetVersion)."""

from typing import Any

from gate.advisories.versions import semver


def sort_key(version: str) -> tuple[Any, ...]:
    """Return the sort key of a version."""
    return semver.sort_key(version.lower())
