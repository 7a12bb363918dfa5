"""Logins that go with a request: in its address, or of the netrc file; sent over TLS, or to this machine itself."""

import base64
import os
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import msgspec

from gate.core.errors import GateError
from gate.core.hosts import Reach, is_loopback


class Login(msgspec.Struct, frozen=True):
    """A user and a password, or a token in the place of either."""

    user: str
    password: str

    def __repr__(self) -> str:
        return "Login(…)"

    @property
    def header(self) -> dict[str, str]:
        """The header of basic authentication (RFC 7617)."""
        pair = f"{self.user}:{self.password}".encode()
        return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}


def split_login(location: str) -> tuple[str, Login | None]:
    """Return an address without its user and password, and these if it has them."""
    parts = urlsplit(location)
    before, at, host = parts.netloc.rpartition("@")
    if not at:
        return location, None
    user, _, password = before.partition(":")
    return urlunsplit(parts._replace(netloc=host)), Login(unquote(user), unquote(password))


def check_way(location: str) -> None:
    """Raise GateError if what is secret would go to this address in the clear."""
    parts = urlsplit(location)
    if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
        raise GateError(
            "no login is sent without TLS", path=f"{parts.scheme}://{parts.hostname}", hint="Give an https address"
        )


def netrc_login(location: str, reach: Reach) -> Login | None:
    """Return the netrc file's login for the very host of an address, if the host may have it; its `default` is none."""
    from netrc import NetrcParseError, netrc

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
            return None  # as others that read it do; the server then says that it wants a login
        return Login(found[0], found[2] or "") if found else None
    return None
