"""Julia's packages."""

from gate.ecosystems.ecosystem import Ecosystem, PackageUrls

ECOSYSTEM = Ecosystem(
    name="Julia",
    version_order="semver_with_build",
    advisory_ids=("JLSEC-",),
    package_urls=PackageUrls(type="julia"),
)
