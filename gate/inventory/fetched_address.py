"""The package that a URL in a lockfile fetches: its name and version, by each ecosystem's rules for file names.

Installers fetch the URL, so it counts more than the name that the lockfile gives to the package.
"""

import re
from urllib.parse import unquote

from gate.ecosystems import described, find
from gate.ecosystems.ecosystem import Fetched


def fetched_from(ecosystem: str, address: str) -> Fetched | None:
    """Return the package that `address` fetches; None if the URL, or any URL of the ecosystem, does not state it."""
    known = find(ecosystem)
    if known is None or known.fetched is None or not address:
        return None
    return known.fetched(unquote(re.split("[?#]", address, maxsplit=1)[0]))


def is_same(ecosystem: str, fetched: Fetched, name: str, version: str | None) -> bool:
    """True if `fetched` is the package `name` in `version`, in any spelling; without `version`, in any version."""
    known = described(ecosystem)
    if known.canonical_name(fetched.name).lower() != known.canonical_name(name).lower():
        return False
    return version is None or known.is_same_version(fetched.version, version)
