"""Ubuntu, and the extended maintenance of Ubuntu Pro."""

import re

from gate.ecosystems.ecosystem import DistributionFacts, Ecosystem, OsRelease, UpdateCommands
from gate.ecosystems.os_release import version_number

_EXTENDED = re.compile(r"[.+~]esm")
"""A version that Ubuntu Pro's extended maintenance built."""


def _release(fields: OsRelease) -> str | None:
    version = version_number(fields)
    if not version:
        return None
    is_long_term = "LTS" in fields.get("VERSION", "") + fields.get("PRETTY_NAME", "")
    return f"Ubuntu:{version}:LTS" if is_long_term else f"Ubuntu:{version}"


def _comparable(release: str) -> str:
    """Return `22.04` for `22.04:LTS`, `Pro:22.04` for `Pro:22.04:LTS`."""
    return release.removesuffix(":LTS")


def _extended(release: str, version: str) -> str | None:
    return f"Pro:{_comparable(release)}" if _EXTENDED.search(version) else None


ECOSYSTEM = Ecosystem(
    name="Ubuntu",
    version_order="debian",
    advisory_ids=("UBUNTU-CVE-", "USN-", "LSN-"),
    update=UpdateCommands(installed="apt-get install --only-upgrade {binary}"),
    distribution=DistributionFacts(release=_release, comparable_release=_comparable, extended_release=_extended),
)
