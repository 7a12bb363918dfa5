"""Hackage: packages of Haskell."""

from gate.ecosystems.ecosystem import Ecosystem, PackageUrls

ECOSYSTEM = Ecosystem(
    name="Hackage",
    version_order="dotted",
    advisory_ids=("HSEC-",),
    package_urls=PackageUrls(type="hackage"),
)
