"""Packages that read what anyone sends: servers and frameworks for the web, and what reads their protocols.

`network_facing.txt` has their package URLs, without versions; its head says where they come from.
"""

from functools import lru_cache
from pathlib import Path


def is_network_facing(purl: str) -> bool:
    """True if the package with this package URL, of whichever version, answers requests."""
    name, at, _ = purl.rpartition("@")
    return (name if at and not name.endswith("/") else purl) in _network_facing()


@lru_cache(maxsize=1)
def _network_facing() -> frozenset[str]:
    text = Path(__file__).with_suffix(".txt").read_text("utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))
