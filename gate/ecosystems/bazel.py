"""Bazel's modules, of the Bazel Central Registry."""

from gate.ecosystems.ecosystem import Ecosystem, PackageUrls

ECOSYSTEM = Ecosystem(
    name="Bazel",
    has_advisories=False,
    package_urls=PackageUrls(type="bazel"),
)
