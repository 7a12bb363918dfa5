"""The kernel Linux."""

from gate.ecosystems.ecosystem import Ecosystem

ECOSYSTEM = Ecosystem(
    name="Linux",
    version_order="semver",
)
