"""What an address in a lockfile fetches: name and version, as each ecosystem writes them in the names of its files.

Installers fetch the address; what a lockfile calls the package is only what it says of itself.
"""

import re
from urllib.parse import unquote

from gate.ecosystems import described, find
from gate.ecosystems.ecosystem import Fetched


def fetched_from(ecosystem: str, address: str) -> Fetched | None:
    """Return what `address` fetches; None if it does not say, or is of an ecosystem whose addresses do not."""
    known = find(ecosystem)
    if known is None or known.fetched is None or not address:
        return None
    return known.fetched(unquote(re.split("[?#]", address, maxsplit=1)[0]))


def is_same(ecosystem: str, fetched: Fetched, name: str, version: str | None) -> bool:
    """True if `fetched` is the package `name` in `version`, however both are spelled; without a version, in any."""
    known = described(ecosystem)
    if known.canonical_name(fetched.name).lower() != known.canonical_name(name).lower():
        return False
    return version is None or known.is_same_version(fetched.version, version)
