"""Kubernetes and its parts."""

from gate.ecosystems.ecosystem import Ecosystem

ECOSYSTEM = Ecosystem(
    name="Kubernetes",
    version_order="semver",
)
