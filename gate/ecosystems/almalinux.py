"""AlmaLinux: a release is its first number (`AlmaLinux:9`)."""

from gate.ecosystems.ecosystem import DistributionFacts, Ecosystem, UpdateCommands
from gate.ecosystems.os_release import major, named_by_major

ECOSYSTEM = Ecosystem(
    name="AlmaLinux",
    version_order="rpm",
    advisory_ids=("ALSA-", "ALBA-", "ALEA-"),
    update=UpdateCommands(installed="dnf upgrade {binary}"),
    distribution=DistributionFacts(
        release=named_by_major("AlmaLinux"), comparable_release=major, names_binaries=True, has_module_streams=True
    ),
)
