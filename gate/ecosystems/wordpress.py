"""WordPress: plug-ins and themes, by the names of their folders (`plugins/akismet`)."""

from gate.ecosystems.ecosystem import Ecosystem, PackageUrls

ECOSYSTEM = Ecosystem(
    name="WordPress",
    has_advisories=False,
    package_urls=PackageUrls(type="wordpress"),
)
