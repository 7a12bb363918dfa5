"""Packages of distributions that OSV has no advisories for: Fedora, Amazon Linux, Oracle Linux, CentOS and others."""

from gate.ecosystems.ecosystem import Ecosystem

ECOSYSTEM = Ecosystem(
    name="other distributions",
    has_advisories=False,
)
