"""Where the files of a source of advisories lie on this machine.

Little is imported, for runs that only ask whether a file is there.
"""

import hashlib
from pathlib import Path
from urllib.parse import unquote, urlsplit

WEB = ("https://", "http://")
"""Beginnings of sources that are fetched from."""
WHEEL = "wheel:"
"""Beginning of a source that is an installed package."""


def folder_of(location: str, cache: Path) -> Path:
    """Return where what is fetched from an address is kept; `cache` is the advisories' part of the cache folder."""
    return cache / "mirrors" / hashlib.sha256(location.encode()).hexdigest()[:16]


def folder_named(location: str) -> Path:
    """Return the folder of a path or `file:` address."""
    path = unquote(urlsplit(location).path) if location.startswith("file:") else location
    return Path(path).expanduser()


def may_hold(name: str, location: str, cache: Path) -> bool:
    """False if the source `location` has no file `name` on this machine: a quick look before the source is opened."""
    if location.startswith(WHEEL):
        return True
    folder = folder_of(location, cache) if location.startswith(WEB) else folder_named(location)
    return (folder / name).exists()
