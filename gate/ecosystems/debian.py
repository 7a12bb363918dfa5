"""Debian: a release is its first number (`Debian:12`)."""

from gate.ecosystems.ecosystem import DistributionFacts, Ecosystem, OsRelease, UpdateCommands
from gate.ecosystems.os_release import major, version_number

_RELEASES = {"buster": "10", "bullseye": "11", "bookworm": "12", "trixie": "13", "forky": "14", "duke": "15"}
"""Testing has no number in os-release, only the name of what it becomes."""


def _release(fields: OsRelease) -> str | None:
    named = _RELEASES.get(fields.get("VERSION_CODENAME", ""))
    version = version_number(fields) if fields.get("VERSION_ID") else named
    return f"Debian:{major(version)}" if version else None


ECOSYSTEM = Ecosystem(
    name="Debian",
    version_order="debian",
    advisory_ids=("DEBIAN-CVE-", "DSA-", "DLA-", "DTSA-"),
    update=UpdateCommands(installed="apt-get install --only-upgrade {binary}"),
    distribution=DistributionFacts(release=_release),
)
