"""TuxCare: packages of distributions and languages, supported after their end of life (`TuxCare:Ubuntu:16.04`)."""

from gate.ecosystems.ecosystem import Ecosystem

ECOSYSTEM = Ecosystem(
    name="TuxCare",
    advisory_ids=("CLSA-",),
    rebuilds_others=True,
)
