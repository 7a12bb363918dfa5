"""Swift's packages, which are repositories."""

from gate.ecosystems.ecosystem import Ecosystem, PackageUrls, UpdateCommands, both
from gate.ecosystems.names import repository

ECOSYSTEM = Ecosystem(
    name="SwiftURL",
    version_order="semver",
    canonical_name=repository,
    package_urls=PackageUrls(type="swift"),
    update=UpdateCommands(
        by_file={
            "Package.resolved": both("swift package update {last}"),
        },
    ),
)
