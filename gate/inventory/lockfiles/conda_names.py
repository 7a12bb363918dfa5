"""The file names of conda's packages: `NAME-VERSION-BUILD.conda`, or `.tar.bz2` (conda-build documentation)."""

import re

_FILE = re.compile(r"(?P<name>[A-Za-z0-9_.-]+)-(?P<version>[^-/]+)-[^-/]+(?:\.conda|\.tar\.bz2)")


def name_and_version(address: str) -> tuple[str, str] | None:
    """Return the name and version of the package at `address`; None if it is no package's."""
    found = _FILE.fullmatch(re.split("[?#]", address, maxsplit=1)[0].rpartition("/")[2])
    return (found["name"].lower(), found["version"]) if found else None
