"""Programs outside of distributions that OSV has no advisories for."""

from gate.ecosystems.ecosystem import Ecosystem

ECOSYSTEM = Ecosystem(
    name="generic",
    has_advisories=False,
)
