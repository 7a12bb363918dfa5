"""Addresses that commands and instructions are given: whose they are, and whether the way there is protected."""

import re

from gate.core.lazy_regex import lazy_regex

_ADDRESS = lazy_regex(
    r"[a-z][a-z0-9+.-]{1,30}://(?:[^/@\s]{0,500}@)?(?P<host>\[[^\]\s]{0,100}\]|[^/:?#\s]*)", re.IGNORECASE
)
_LOCAL = re.compile(r"localhost|127(?:\.\d{1,3}){1,3}|\[::1\]|0\.0\.0\.0|host\.docker\.internal", re.IGNORECASE)
_PLAIN = ("http://", "ftp://", "git://")


def host_of(address: str) -> str | None:
    """Return the host that an address names, or None if `address` holds none."""
    found = _ADDRESS.search(address)
    return found["host"] if found else None


def is_local(address: str) -> bool:
    """True if the address is on the machine itself."""
    host = host_of(address)
    return host is not None and bool(_LOCAL.fullmatch(host))


def plain_host(address: str) -> str | None:
    """Return the host of an address without TLS; None for one with TLS or on the machine itself."""
    found = _ADDRESS.search(address)
    if found is None or not found[0].lower().startswith(_PLAIN) or _LOCAL.fullmatch(found["host"]):
        return None
    return found["host"]
