"""Mageia: a release is its number (`Mageia:9`)."""

from gate.ecosystems.ecosystem import DistributionFacts, Ecosystem
from gate.ecosystems.os_release import named_by_major

ECOSYSTEM = Ecosystem(
    name="Mageia",
    version_order="rpm",
    advisory_ids=("MGASA-",),
    distribution=DistributionFacts(release=named_by_major("Mageia")),
)
