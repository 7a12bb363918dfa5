"""openSUSE: Leap with its numbers, and Tumbleweed."""

from gate.ecosystems.ecosystem import DistributionFacts, Ecosystem, OsRelease, UpdateCommands
from gate.ecosystems.os_release import version_number

_ROLLING = "opensuse-tumbleweed"


def _release(fields: OsRelease) -> str | None:
    if fields.get("ID", "").lower() == _ROLLING:
        return "openSUSE:Tumbleweed"
    version = version_number(fields)
    return f"openSUSE:Leap {version}" if version else None


ECOSYSTEM = Ecosystem(
    name="openSUSE",
    version_order="rpm",
    advisory_ids=("openSUSE-SU-", "openSUSE-RU-"),
    update=UpdateCommands(installed="zypper update {binary}"),
    distribution=DistributionFacts(release=_release),
)
