"""SUSE Linux Enterprise, whose products and modules OSV names one by one."""

import re

from gate.ecosystems.ecosystem import DistributionFacts, Ecosystem, OsRelease, UpdateCommands
from gate.ecosystems.os_release import version_number

_SERVICE_PACK = re.compile(r"\d+(?:\.\d+)?(?: SP\d+)?\Z")


def _release(fields: OsRelease) -> str | None:
    version = version_number(fields)
    if version is None:
        return None
    major, _, pack = version.partition(".")
    return f"SUSE:Linux Enterprise Server {major}" + (f" SP{pack}" if pack and pack != "0" else "")


def _comparable(release: str) -> str:
    """Return `15 SP5` for `Linux Enterprise Server 15 SP5` and the modules of that service pack."""
    found = _SERVICE_PACK.search(release)
    return found[0] if found else release


ECOSYSTEM = Ecosystem(
    name="SUSE",
    version_order="rpm",
    advisory_ids=("SUSE-SU-", "SUSE-RU-"),
    update=UpdateCommands(installed="zypper update {binary}"),
    distribution=DistributionFacts(release=_release, comparable_release=_comparable),
)
