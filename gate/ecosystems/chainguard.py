"""Chainguard's distribution for containers, which has no releases."""

from gate.ecosystems.ecosystem import DistributionFacts, Ecosystem, UpdateCommands
from gate.ecosystems.os_release import without_releases

ECOSYSTEM = Ecosystem(
    name="Chainguard",
    version_order="apk",
    advisory_ids=("CGA-",),
    update=UpdateCommands(installed="apk upgrade {binary}"),
    distribution=DistributionFacts(release=without_releases("Chainguard")),
)
