"""OSS-Fuzz: what fuzzing found in repositories, by commit."""

from gate.ecosystems.ecosystem import Ecosystem

ECOSYSTEM = Ecosystem(
    name="OSS-Fuzz",
    is_in_every_source=False,
)
