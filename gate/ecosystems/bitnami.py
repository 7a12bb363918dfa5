"""Bitnami: programs outside of distributions, such as those that official images install without a package manager."""

from gate.ecosystems.ecosystem import Ecosystem, PackageUrls

ECOSYSTEM = Ecosystem(
    name="Bitnami",
    version_order="bitnami",
    is_in_every_source=False,
    advisory_ids=("BIT-",),
    package_urls=PackageUrls(type="bitnami"),
    runtimes={
        "mariadb": "mariadb",
        "mysql": "mysql",
        "node": "node",
        "php": "php",
        "postgresql": "postgres",
        "python": "python",
        "ruby": "ruby",
    },
)
