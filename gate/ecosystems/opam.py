"""opam: packages of OCaml."""

from gate.ecosystems.ecosystem import Ecosystem

ECOSYSTEM = Ecosystem(
    name="opam",
    version_order="debian",
    advisory_ids=("OSEC-",),
)
