"""MinimOS, which has no releases."""

from gate.ecosystems.ecosystem import DistributionFacts, Ecosystem
from gate.ecosystems.os_release import without_releases

ECOSYSTEM = Ecosystem(
    name="MinimOS",
    version_order="apk",
    advisory_ids=("MINI-",),
    distribution=DistributionFacts(release=without_releases("MinimOS")),
)
