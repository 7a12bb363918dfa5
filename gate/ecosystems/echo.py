"""Echo: Debian's packages, and those of languages, built again with fixes."""

from gate.ecosystems.ecosystem import DistributionFacts, Ecosystem
from gate.ecosystems.os_release import without_releases

ECOSYSTEM = Ecosystem(
    name="Echo",
    version_order="debian",
    advisory_ids=("ECHO-",),
    rebuilds_others=True,
    distribution=DistributionFacts(release=without_releases("Echo")),
)
