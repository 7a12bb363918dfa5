"""Root: packages of distributions and languages, built again with fixes."""

from gate.ecosystems.ecosystem import Ecosystem

ECOSYSTEM = Ecosystem(
    name="Root",
    rebuilds_others=True,
)
