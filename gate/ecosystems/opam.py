"""opam: packages of OCaml."""

from gate.ecosystems.ecosystem import Ecosystem, PackageUrls

ECOSYSTEM = Ecosystem(
    name="opam",
    version_order="debian",
    advisory_ids=("OSEC-",),
    package_urls=PackageUrls(type="opam"),
)
