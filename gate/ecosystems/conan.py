"""ConanCenter: packages of C and C++."""

from gate.ecosystems.ecosystem import Ecosystem, PackageUrls

ECOSYSTEM = Ecosystem(
    name="ConanCenter",
    version_order="conan",
    canonical_name=str.lower,
    package_urls=PackageUrls(type="conan", names_namespace=False),
)
