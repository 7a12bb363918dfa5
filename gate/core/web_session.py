"""The session that requests go through: which addresses are connected to, and what a redirect takes along.

An address is judged once its host's name has been resolved, and that very address is connected to: a name that is
resolved to another one a moment later gains nothing. The netrc file is not read here, whatever its entries.
"""

import socket
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import select_proxy
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NameResolutionError, NewConnectionError

from gate.core.errors import unavailable
from gate.core.hosts import AddressKind, Reach, forbidden, is_loopback_name, kind_of, origin_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from requests import PreparedRequest, Response

_TAKEN_ALONG = frozenset({"accept", "accept-encoding", "connection", "range", "user-agent"})
"""Headers that another server gets after a redirect; all others may be for the first one alone."""
_CHANGES_NOTHING = frozenset({"GET", "HEAD", "OPTIONS"})


class Guard:
    """Says which addresses may be connected to on behalf of one address that was named."""

    def __init__(self, location: str, reach: Reach) -> None:
        self._named = (urlsplit(location).hostname or "").rstrip(".")
        self._reach = reach
        self._highest = AddressKind.PUBLIC
        """Of the addresses that the host that was named has: what it sends us to may be of this kind too."""

    def check(self, host: str, port: int | None, address: str) -> None:
        """Raise ForbiddenHostError if `address`, which the host has, is not to be connected to."""
        kind = kind_of(address)
        if self._reach.lists(host, port):
            return
        if not self._reach.is_of_repository and host.rstrip(".") == self._named:
            self._highest = max(self._highest, kind)
        elif kind > self._highest:
            raise forbidden(host, f"{address} is no public address, and only a repository or another server named it")

    def check_behind_proxy(self, host: str, port: int | None) -> None:
        """Do so for a host that a proxy will resolve: by its name, and by what it is here if that is known here."""
        if is_loopback_name(host):
            self.check(host, port, "127.0.0.1")
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        for *_, place in found:
            self.check(host, port, str(place[0]))


def resolved(location: str, host: str, port: int, reach: Reach) -> list[str]:
    """Return the addresses of a host, each of which may be connected to on behalf of `location`.

    Raises ForbiddenHostError if one may not be, UnavailableError if the host has none.
    """
    guard = Guard(location, reach)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise unavailable(host, "the host has no address") from error
    addresses = list(dict.fromkeys(str(place[0]) for *_, place in found))
    for address in addresses:
        guard.check(host, port, address)
    return addresses


def guarded_session(location: str, reach: Reach, connections: int) -> "requests.Session":
    """Return a session for what is below `location` and for where that redirects to."""
    session = _Session()
    session.auth = as_it_is
    adapter = _Adapter(Guard(location, reach), pool_maxsize=connections)
    for scheme in ("https://", "http://"):
        session.mount(scheme, adapter)
    return session


def as_it_is(request: "PreparedRequest") -> "PreparedRequest":
    """Add nothing to a request: without this, requests would add what the netrc file has, `default` included."""
    return request


class _Session(requests.Session):
    """Takes along nothing that is for the first server alone, and never goes from https down to http."""

    def get_redirect_target(self, resp: "Response") -> str | None:
        target = super().get_redirect_target(resp)
        if target is None:
            return None
        url = urljoin(resp.url, target)
        if resp.url.startswith("https://") and not url.startswith("https://"):
            resp.close()
            raise unavailable(urlsplit(resp.url).path.lstrip("/"), "the server redirects from https to http")
        if resp.request.method not in _CHANGES_NOTHING and origin_of(url) != origin_of(resp.url):
            resp.close()
            raise unavailable(urlsplit(resp.url).path.lstrip("/"), "the server wants what is sent to go elsewhere")
        return target

    def rebuild_auth(self, prepared_request: "PreparedRequest", response: "Response") -> None:
        if origin_of(prepared_request.url or "") != origin_of(response.url):
            for name in [name for name in prepared_request.headers if name.lower() not in _TAKEN_ALONG]:
                del prepared_request.headers[name]


class _Adapter(HTTPAdapter):
    def __init__(self, guard: Guard, **options: Any) -> None:
        self._guard = guard
        super().__init__(**options)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = _pools(self._guard)

    def send(
        self,
        request: "PreparedRequest",
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: "Mapping[str, str] | None" = None,
    ) -> "Response":
        if request.url and select_proxy(request.url, dict(proxies or {})):
            _, host, port = origin_of(request.url)
            self._guard.check_behind_proxy(host, port)
        return super().send(request, stream, timeout, verify, cert, proxies)


def _pools(guard: Guard) -> dict[str, type[HTTPConnectionPool]]:
    """Return the kinds of connections, by scheme, that ask `guard` before they connect."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _connected(self, guard, super()._new_conn)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _connected(self, guard, super()._new_conn)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def _connected(connection: Any, guard: Guard, connect: Any) -> socket.socket:
    """Resolve the connection's host, ask the guard, and connect to the first address that answers."""
    named = connection._dns_host
    try:
        found = socket.getaddrinfo(named, connection.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NameResolutionError(connection.host, connection, socket.gaierror(str(error))) from error
    addresses = dict.fromkeys(str(place[0]) for *_, place in found)
    for address in addresses:
        guard.check(connection.host, connection.port, address)
    failure: NewConnectionError = NewConnectionError(connection, "the host has no address")
    try:
        for address in addresses:
            connection._dns_host = address
            try:
                return connect()  # type: ignore[no-any-return]
            except NewConnectionError as error:
                failure = error
    finally:
        connection._dns_host = named  # which the certificate has to be for
    raise failure
