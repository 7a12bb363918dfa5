"""Photon OS: a release is its whole number (`Photon OS:5.0`)."""

from gate.ecosystems.ecosystem import DistributionFacts, Ecosystem, OsRelease, UpdateCommands
from gate.ecosystems.os_release import version_number


def _release(fields: OsRelease) -> str | None:
    version = version_number(fields)
    return f"Photon OS:{version}" if version else None


ECOSYSTEM = Ecosystem(
    name="Photon OS",
    version_order="rpm",
    advisory_ids=("PHSA-",),
    update=UpdateCommands(installed="tdnf update {binary}"),
    distribution=DistributionFacts(release=_release),
)
