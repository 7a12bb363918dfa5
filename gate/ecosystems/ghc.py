"""GHC, the compiler of Haskell, and what comes with it."""

from gate.ecosystems.ecosystem import Ecosystem

ECOSYSTEM = Ecosystem(
    name="GHC",
    version_order="dotted",
    advisory_ids=("HSEC-",),
)
