"""CleanStart; no os-release names it."""

from gate.ecosystems.ecosystem import DistributionFacts, Ecosystem

ECOSYSTEM = Ecosystem(
    name="CleanStart",
    version_order="apk",
    advisory_ids=("CLEANSTART-",),
    distribution=DistributionFacts(),
)
