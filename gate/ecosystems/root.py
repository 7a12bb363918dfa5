"""Root: packages of distributions and languages, built again with fixes (`Root:Alpine:3.18`, `Root:npm`)."""

from gate.ecosystems.ecosystem import Ecosystem

ECOSYSTEM = Ecosystem(
    name="Root",
    advisory_ids=("ROOT-",),
    rebuilds_others=True,
)
