"""Which hosts may be asked: patterns of hosts (`HOST:PORT`, `*.example.com`) and kinds of addresses.

A repository may name hosts (of images, of advisories, of a policy), and the gate often runs inside a network that the
repository's authors cannot reach. So a host that a repository names is asked on public addresses only, over TLS and
without credentials, unless `trusted_hosts` lists it. This prevents server-side request forgery.
"""

import enum
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Self
from urllib.parse import urlsplit

import msgspec

from gate.core.errors import GateError

PATTERN = r"^(?:(?:\*\.)?[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?$"
"""The form of an entry of `trusted_hosts`."""
_EMBEDDING = tuple(map(IPv6Network, ("64:ff9b::/96", "::ffff:0:0:0/96", "::/96")))
"""Networks whose addresses end with one of IPv4: NAT64 (RFC 6052), SIIT (RFC 2765), IPv4-compatible (RFC 4291)."""
_TRANSLATED = tuple(map(IPv6Network, ("64:ff9b:1::/48", "2001::/32", "fec0::/10")))
"""Local use of NAT64 (RFC 8215), Teredo (RFC 4380), what was once site-local (RFC 3879)."""
_METADATA = (IPv4Network("168.63.129.16/32"), IPv4Network("192.0.0.0/24"))
"""Metadata services of clouds (Azure, Oracle) on addresses that look public: they give out a machine's secrets."""
_PORTS = {"http": 80, "https": 443}


class AddressKind(enum.IntEnum):
    """How far an address reaches, from the whole internet to this machine's link.

    A higher kind is more sensitive: a server that redirects must not lead to a higher kind than its own.
    """

    PUBLIC = 0
    PRIVATE = 1
    """In an organisation's own network: RFC 1918, unique local, shared (RFC 6598)."""
    LOOPBACK = 2
    """This machine itself."""
    LINK = 3
    """On the machine's link alone, where metadata services are, or not the address of a single host (multicast)."""


def kind_of(text: str) -> AddressKind:
    """Return the kind of an address; a text that is no address counts as LINK, the most sensitive kind."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return AddressKind.LINK
    return _kind_of_6(address) if isinstance(address, IPv6Address) else _kind_of_4(address)


def _kind_of_4(address: IPv4Address) -> AddressKind:
    if address.is_loopback or address.is_unspecified:
        return AddressKind.LOOPBACK
    if address.is_link_local or address.is_multicast or address.is_reserved or address.packed[0] == 0:
        return AddressKind.LINK
    if any(address in network for network in _METADATA):
        return AddressKind.LINK
    return AddressKind.PUBLIC if address.is_global else AddressKind.PRIVATE


def _kind_of_6(address: IPv6Address) -> AddressKind:
    if address.is_loopback or address.is_unspecified:
        return AddressKind.LOOPBACK
    if address.is_link_local or address.is_multicast:
        return AddressKind.LINK
    embedded = address.ipv4_mapped or address.sixtofour
    if any(address in network for network in _EMBEDDING):
        embedded = IPv4Address(address.packed[-4:])
    if embedded is not None:
        return _kind_of_4(embedded)
    if any(address in network for network in _TRANSLATED):
        return AddressKind.LINK
    return AddressKind.PUBLIC if address.is_global else AddressKind.PRIVATE


def origin_of(url: str) -> tuple[str, str, int | None]:
    """Return scheme, host and port of a URL: credentials for one origin are never sent to another."""
    parts = urlsplit(url)
    return parts.scheme, (parts.hostname or "").rstrip("."), parts.port or _PORTS.get(parts.scheme)


class ForbiddenHostError(GateError):
    """A host that only a repository or another server named, and that may not be asked for these."""


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """Who named a location, and which hosts are trusted even if a repository names them."""

    is_of_repository: bool = False
    """True if only a repository's settings or files name the location, not the user."""
    trusted_hosts: tuple[str, ...] = ()

    def trusts(self, host: str, port: int | None) -> bool:
        """True if the host may have a private address, and may be sent the credentials for it."""
        return not self.is_of_repository or self.lists(host, port)

    def lists(self, host: str, port: int | None) -> bool:
        """True if `trusted_hosts` has the host."""
        return is_listed(host, port, self.trusted_hosts)

    def of_repository(self) -> Self:
        """Return the reach of what a repository names."""
        return msgspec.structs.replace(self, is_of_repository=True)


USER_REACH = Reach()
"""The reach of what the user who starts the gate names: any host."""


def is_loopback_name(host: str) -> bool:
    """True for a name that means this machine without a look-up (RFC 6761, 6.3)."""
    name = host.lower().rstrip(".")
    return name in ("localhost", "localhost.localdomain", "ip6-localhost") or name.endswith(".localhost")


def is_loopback(host: str) -> bool:
    """True for a name or an address that is spelt as this machine's own; nothing is looked up."""
    name = host.strip("[]")
    if is_loopback_name(name) or name == "::1":
        return True
    return name.startswith("127.") and kind_of(name) is AddressKind.LOOPBACK


def forbidden(host: str, why: str) -> ForbiddenHostError:
    """Return the error for a host that may not be asked, and the reason `why`."""
    return ForbiddenHostError(f"{host} is not asked: {why}", hint=f"If it is yours, say so: --trusted-hosts {host}")


def is_listed(host: str, port: int | None, listed: Iterable[str]) -> bool:
    """True if an entry of `listed` matches this host.

    An entry without a port matches every port; `*.example.com` matches what is below `example.com`, not that itself.
    """
    return any(_means(entry.lower(), host.lower().strip("[]"), port) for entry in listed)


def _means(entry: str, host: str, port: int | None) -> bool:
    name, its_port = split_port(entry)
    if its_port is not None and its_port != port:
        return False
    if name.startswith("*."):
        return host.endswith(name[1:]) and host != name[2:]
    return host == name


def split_port(text: str) -> tuple[str, int | None]:
    """Split `HOST:PORT`, `[::1]:PORT` or `HOST` into the host, without brackets, and the port if there is one."""
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        port = rest.removeprefix(":")
    else:
        host, _, port = text.partition(":")
    return host, int(port) if port.isdecimal() else None
