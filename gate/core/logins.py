"""Logins for HTTP requests, from the address or the netrc file; sent over TLS or to this machine only."""

import base64
import os
from netrc import NetrcParseError, netrc
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import msgspec

from gate.core.errors import GateError
from gate.core.hosts import Reach, is_loopback


class Login(msgspec.Struct, frozen=True):
    """A user and a password; a token may stand in place of either."""

    user: str
    password: str

    def __repr__(self) -> str:  # a traceback or a log must not show the password
        return "Login(…)"

    @property
    def header(self) -> dict[str, str]:
        """The header `Authorization` of basic authentication (RFC 7617)."""
        pair = f"{self.user}:{self.password}".encode()
        return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}


def split_login(location: str) -> tuple[str, Login | None]:
    """Return an address without its user and password, and these as a Login, or None if it has none."""
    parts = urlsplit(location)
    before, at, host = parts.netloc.rpartition("@")
    if not at:
        return location, None
    user, _, password = before.partition(":")
    return urlunsplit(parts._replace(netloc=host)), Login(unquote(user), unquote(password))


def check_transport(location: str) -> None:
    """Raise GateError unless a login may be sent to this address: over https, or to this machine."""
    parts = urlsplit(location)
    if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
        raise GateError(
            "no login is sent without TLS", path=f"{parts.scheme}://{parts.hostname}", hint="Give an https address"
        )


def netrc_login(location: str, reach: Reach) -> Login | None:
    """Return the netrc file's login for the host of an address, or None.

    It is None for a host that may not have credentials, or without TLS. The file's `default` entry is not used: it
    would send a password to every server.
    """
    parts = urlsplit(location)
    host = parts.hostname or ""
    if not reach.trusts(host, parts.port) or (parts.scheme != "https" and not is_loopback(host)):
        return None
    files = [os.environ["NETRC"]] if os.environ.get("NETRC") else ["~/.netrc", "~/_netrc"]
    for file in (Path(name).expanduser() for name in files):
        if not file.is_file():
            continue
        try:
            found = netrc(str(file)).hosts.get(host)
        except (NetrcParseError, OSError, UnicodeDecodeError):
            return None  # as requests does; the server then answers that it wants a login
        return Login(found[0], found[2] or "") if found else None
    return None
