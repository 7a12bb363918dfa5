"""Julia's packages."""

from gate.ecosystems.ecosystem import Ecosystem

ECOSYSTEM = Ecosystem(
    name="Julia",
    version_order="semver_with_build",
    advisory_ids=("JLSEC-",),
)
