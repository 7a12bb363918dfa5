"""The session for requests: it checks every address before it connects, and limits what redirects may do.

A host's name is resolved, its addresses are checked, and one of these same addresses is connected to, so that a name
that resolves to something else a moment later (DNS rebinding) gains nothing. The netrc file is not read here.
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

from gate.core.debug import debug
from gate.core.errors import unavailable
from gate.core.hosts import AddressKind, Reach, forbidden, is_loopback_name, kind_of, origin_of
from gate.core.text import without_credentials

if TYPE_CHECKING:
    from collections.abc import Mapping

    from requests import PreparedRequest, Response

_KEPT_HEADERS = frozenset({"accept", "accept-encoding", "connection", "range", "user-agent"})
"""Headers that another server gets after a redirect; all others may hold what is for the first server only."""
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing on a server (RFC 9110, 9.2.1)."""


class AddressFilter:
    """Decides which addresses may be connected to for requests to one location and where it redirects to."""

    def __init__(self, location: str, reach: Reach) -> None:
        self._named = (urlsplit(location).hostname or "").rstrip(".")
        self._reach = reach
        self._highest = AddressKind.PUBLIC
        """The highest kind among the addresses of the named host; where it redirects to may be of this kind too."""

    def check(self, host: str, port: int | None, address: str) -> None:
        """Raise ForbiddenHostError if `address`, one of the host's, may not be connected to."""
        kind = kind_of(address)
        if self._reach.lists(host, port):
            return
        if not self._reach.is_of_repository and host.rstrip(".") == self._named:
            self._highest = max(self._highest, kind)
        elif kind > self._highest:
            raise forbidden(host, f"{address} is no public address, and only a repository or another server named it")

    def check_behind_proxy(self, host: str, port: int | None) -> None:
        """Check a host that a proxy will resolve: by its name, and by its addresses if it can be resolved here too."""
        if is_loopback_name(host):
            self.check(host, port, "127.0.0.1")
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        for *_, place in found:
            self.check(host, port, str(place[0]))


def resolve_host(location: str, host: str, port: int, reach: Reach) -> list[str]:
    """Return the addresses of a host, all of which may be connected to for `location`.

    Raises ForbiddenHostError if one may not be, UnavailableError if the host has no address.
    """
    allowed = AddressFilter(location, reach)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise unavailable(host, "the host has no address") from error
    addresses = list(dict.fromkeys(str(place[0]) for *_, place in found))
    for address in addresses:
        allowed.check(host, port, address)
    return addresses


def open_session(location: str, reach: Reach, connections: int) -> "requests.Session":
    """Return a session for `location` and where it redirects to, with a pool of `connections`."""
    session = _Session()
    session.auth = no_auth
    adapter = _Adapter(AddressFilter(location, reach), pool_maxsize=connections)
    for scheme in ("https://", "http://"):
        session.mount(scheme, adapter)
    return session


def no_auth(request: "PreparedRequest") -> "PreparedRequest":
    """Add no credentials to a request; without this, requests would add those of the netrc file, `default` included."""
    return request


class _Session(requests.Session):
    """Drops private headers when a redirect leads to another server, and refuses one from https to http."""

    def get_redirect_target(self, resp: "Response") -> str | None:
        target = super().get_redirect_target(resp)
        if target is None:
            return None
        url = urljoin(resp.url, target)
        if resp.url.startswith("https://") and not url.startswith("https://"):
            resp.close()
            raise unavailable(urlsplit(resp.url).path.lstrip("/"), "the server redirects from https to http")
        if resp.request.method not in _SAFE_METHODS and origin_of(url) != origin_of(resp.url):
            resp.close()
            raise unavailable(urlsplit(resp.url).path.lstrip("/"), "the server wants what is sent to go elsewhere")
        return target

    def rebuild_auth(self, prepared_request: "PreparedRequest", response: "Response") -> None:
        if origin_of(prepared_request.url or "") != origin_of(response.url):
            for name in list(prepared_request.headers):
                if name.lower() not in _KEPT_HEADERS:
                    del prepared_request.headers[name]


class _Adapter(HTTPAdapter):
    """Checks addresses: its own connections' before they connect, those behind a proxy before a request is sent."""

    def __init__(self, allowed: AddressFilter, **options: Any) -> None:
        self._allowed = allowed
        super().__init__(**options)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = _pools(self._allowed)

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
            self._allowed.check_behind_proxy(host, port)
        try:
            response = super().send(request, stream, timeout, verify, cert, proxies)
        except requests.RequestException as error:
            _log(request, type(error).__name__)
            raise
        _log(request, str(response.status_code))
        return response


def _log(request: "PreparedRequest", outcome: str) -> None:
    """Log a request without its login, query and headers, which are for its server alone."""
    debug("web", "%s %s: %s", request.method, without_credentials(request.url or ""), outcome)


def _pools(allowed: AddressFilter) -> dict[str, type[HTTPConnectionPool]]:
    """Return the connection pools, by scheme, whose connections check addresses before they connect."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _connected(self, allowed, super()._new_conn)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _connected(self, allowed, super()._new_conn)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def _connected(connection: Any, allowed: AddressFilter, connect: Any) -> socket.socket:
    """Resolve the connection's host, check its addresses, and connect to the first that answers."""
    # urllib3 connects to `_dns_host`, for which one address after the other is put in.
    named = connection._dns_host
    try:
        found = socket.getaddrinfo(named, connection.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NameResolutionError(connection.host, connection, socket.gaierror(str(error))) from error
    addresses = dict.fromkeys(str(place[0]) for *_, place in found)
    for address in addresses:
        allowed.check(connection.host, connection.port, address)
    failure: NewConnectionError = NewConnectionError(connection, "the host has no address")
    try:
        for address in addresses:
            connection._dns_host = address
            try:
                return connect()  # type: ignore[no-any-return]
            except NewConnectionError as error:
                failure = error
    finally:
        connection._dns_host = named  # the certificate has to be for the name, not for the address
    raise failure
