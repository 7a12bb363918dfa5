"""BellSoft Hardened Containers; no os-release names them."""

from gate.ecosystems.ecosystem import DistributionFacts, Ecosystem

ECOSYSTEM = Ecosystem(
    name="BellSoft Hardened Containers",
    version_order="apk",
    advisory_ids=("BELL-",),
    distribution=DistributionFacts(),
)
