"""Conda's channels: packages of Python, R and what they are built on."""

import re

from gate.core.lazy_regex import lazy_regex
from gate.ecosystems.ecosystem import Ecosystem, Fetched, PackageUrls

_FILE = lazy_regex(r"(?P<name>[A-Za-z0-9_.-]+)-(?P<version>[^-/]+)-[^-/]+(?:\.conda|\.tar\.bz2)")


def fetched(address: str) -> Fetched | None:
    """Read the name of a package's file (conda-build documentation): `name-1.0.0-build.conda`, or `.tar.bz2`."""
    found = _FILE.fullmatch(re.split("[?#]", address, maxsplit=1)[0].rpartition("/")[2])
    return Fetched(found["name"].lower(), found["version"]) if found else None


ECOSYSTEM = Ecosystem(
    name="Conda",
    has_advisories=False,
    package_urls=PackageUrls(type="conda"),
    fetched=fetched,
)
