"""Bioconductor: packages of R."""

from gate.ecosystems.ecosystem import Ecosystem, PackageUrls

ECOSYSTEM = Ecosystem(
    name="Bioconductor",
    version_order="dotted",
    package_urls=PackageUrls(type="bioconductor"),
)
