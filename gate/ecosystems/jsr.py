"""JSR: packages of Deno and other runtimes of JavaScript."""

from gate.ecosystems.ecosystem import Ecosystem, PackageUrls

ECOSYSTEM = Ecosystem(
    name="JSR",
    has_advisories=False,
    package_urls=PackageUrls(type="jsr"),
)
