"""Rocky Linux: a release is its first number (`Rocky Linux:9`)."""

from gate.ecosystems.ecosystem import DistributionFacts, Ecosystem, UpdateCommands
from gate.ecosystems.os_release import major, named_by_major

ECOSYSTEM = Ecosystem(
    name="Rocky Linux",
    version_order="rpm",
    advisory_ids=("RLSA-", "RXSA-"),
    update=UpdateCommands(installed="dnf upgrade {binary}"),
    distribution=DistributionFacts(
        release=named_by_major("Rocky Linux"), comparable_release=major, has_module_streams=True
    ),
)
