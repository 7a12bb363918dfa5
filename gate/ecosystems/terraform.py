"""Terraform's providers."""

from gate.ecosystems.ecosystem import Ecosystem, PackageUrls

ECOSYSTEM = Ecosystem(
    name="Terraform",
    has_advisories=False,
    package_urls=PackageUrls(type="terraform"),
)
