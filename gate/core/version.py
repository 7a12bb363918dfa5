"""The version of the gate: the package, reports and caches name it."""

VERSION = "0.1.0"
