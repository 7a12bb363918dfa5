"""CRAN: packages of R."""

from gate.ecosystems.ecosystem import Ecosystem, PackageUrls

ECOSYSTEM = Ecosystem(
    name="CRAN",
    version_order="dotted",
    advisory_ids=("RSEC-",),
    package_urls=PackageUrls(type="cran"),
)
