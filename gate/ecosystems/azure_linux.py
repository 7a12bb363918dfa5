"""Azure Linux, once CBL-Mariner: a release is its first number (`Azure Linux:3`)."""

from gate.ecosystems.ecosystem import DistributionFacts, Ecosystem
from gate.ecosystems.os_release import named_by_major

ECOSYSTEM = Ecosystem(
    name="Azure Linux",
    version_order="rpm",
    advisory_ids=("AZL-",),
    distribution=DistributionFacts(release=named_by_major("Azure Linux")),
)
