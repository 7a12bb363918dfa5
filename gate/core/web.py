"""A client for one server: time-outs, retries with back-off, Retry-After, and no redirect from https to http.

requests and urllib3 are imported inside the functions: most runs ask no server, and the libraries take longer to load
than such a run takes to start.
"""

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from gate.core.errors import LimitError, unavailable
from gate.core.hosts import USER_REACH, Reach, forbidden
from gate.core.logins import check_transport, netrc_login, split_login

if TYPE_CHECKING:
    from requests import Response, Session

TIMEOUT_S = (10, 60)
"""Seconds to connect, and between two chunks of the answer."""
BACK_OFF_S = (0.5, 2.0, 6.0)
"""Seconds to wait before the second, third and fourth attempt, unless the server says how long."""
MAX_WAIT_S = 120
"""Seconds; if a server asks to wait longer, the request fails."""
SLOW_AFTER_S = 60
"""Seconds after which a transfer has to be at least as fast as MIN_RATE."""
MIN_RATE = 1024
"""Bytes a second, on average: a server that sends slower would hold up a run for hours."""
CONNECTIONS = 8
"""Requests at the same time."""
_CHUNK = 1 << 20
_BUSY = frozenset({408, 429, 500, 502, 503, 504})
"""Statuses after which a request that may be repeated is sent again."""
_REFUSED = frozenset({429, 503})
"""Statuses that say that the request was not carried out: after these any request may be sent again."""
_REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"})
"""Idempotent methods (RFC 9110, 9.2.2; our PATCH replaces all it changes); a POST that was cut off may have worked."""


class Web:
    """The files below one address."""

    def __init__(
        self, location: str, reach: Reach = USER_REACH, *, uses_netrc: bool = False, follows: bool = True
    ) -> None:
        """`reach` says who named the location, and so which hosts may be asked; `follows`: redirects are followed.

        With `uses_netrc` the login of the netrc file for this host is used (never its `default`). Raises GateError for
        a location that may not be asked, or a login that would be sent without TLS.
        """
        _check_scheme(location, reach)
        self._location, login = split_login(location.rstrip("/"))
        if login is not None:
            check_transport(self._location)
        login = login or (netrc_login(self._location, reach) if uses_netrc else None)
        self._login = login.header if login else {}
        self._reach = reach
        self._follows = follows
        self._session: Session | None = None
        self._is_unreachable = False
        """True after a request failed in all its attempts: the next ones are not repeated."""

    def ask(
        self, name: str, headers: Mapping[str, str] = {}, *, method: str = "GET", query: str = "", body: bytes = b""
    ) -> "Response":
        """Return the response for the file `name`, its body not yet read. Raises UnavailableError.

        A POST is sent again only after a status that says that the server did nothing.
        """
        for wait in (*BACK_OFF_S, None):
            try:
                response = self._open().request(
                    method,
                    f"{self._location}/{quote(name, safe='/:')}{'?' if query else ''}{query}",
                    data=body or None,
                    headers={"Accept-Encoding": "identity", **self._login, **headers},
                    timeout=TIMEOUT_S,
                    stream=True,
                    allow_redirects=self._follows,
                )
            except _failures() as error:
                if wait is None or method not in _REPEATABLE or self._is_unreachable or not _is_passing(error):
                    self._is_unreachable = _is_passing(error)
                    raise unavailable(name, type(error).__name__) from error
            else:
                if response.status_code not in (_BUSY if method in _REPEATABLE else _REFUSED):
                    return response
                response.close()
                wait = _wait_of(response, wait, name)
            time.sleep(wait)
        raise AssertionError

    def read(self, name: str, limit: int, *, query: str = "") -> bytes | None:
        """Return a file of at most `limit` bytes, or None if there is none. Raises UnavailableError, LimitError."""
        with self.ask(name, query=query) as response:
            if is_absent(response):
                return None
            expect(response, name, 200)
            return b"".join(pieces(response, name, limit))

    def _open(self) -> "Session":
        if self._session is None:
            from gate.core.web_session import open_session

            self._session = open_session(self._location, self._reach, CONNECTIONS)
        return self._session


def _check_scheme(location: str, reach: Reach) -> None:
    """Raise ForbiddenHostError if only a repository names a host without TLS, and the host is not trusted."""
    parts = urlsplit(location)
    if reach.is_of_repository and parts.scheme != "https" and not reach.lists(parts.hostname or "", parts.port):
        raise forbidden(parts.hostname or "it", "it would be without TLS, and only a repository names it")


def _failures() -> tuple[type[Exception], ...]:
    """Return what a request may raise: urllib3's errors come through where the body is read past requests."""
    import requests
    from urllib3.exceptions import HTTPError

    return (requests.RequestException, HTTPError)


def _is_passing(error: Exception) -> bool:
    """True for errors that may not occur again: a cut connection, a time-out; not a host that is unknown or refuses."""
    import requests
    from urllib3.exceptions import NewConnectionError, ProtocolError, TimeoutError

    if isinstance(getattr(next(iter(error.args), None), "reason", None), NewConnectionError):
        return False
    cut = requests.exceptions.ChunkedEncodingError
    return isinstance(error, (requests.ConnectionError, requests.Timeout, cut, ProtocolError, TimeoutError))


def _wait_of(response: "Response", wait: float | None, name: str) -> float:
    """Return the seconds to wait before the next attempt. Raises UnavailableError if there is none."""
    asked = retry_after(response.headers.get("Retry-After"), datetime.now(UTC))
    if wait is None or (asked or 0) > MAX_WAIT_S:
        later = f" and asks to come back in {asked:,.0f} s" if asked else ""
        raise unavailable(name, f"the server answered with status {response.status_code}{later}")
    return wait if asked is None else asked


def retry_after(header: str | None, now: datetime) -> float | None:
    """Return the seconds that `Retry-After` (RFC 9110, 10.2.3) asks for; None if it is absent or not valid."""
    if header is None:
        return None
    if header.strip().isdecimal() and header.isascii():
        return float(header.strip()[:12])  # a number of any length would be slow to convert
    try:
        from email.utils import parsedate_to_datetime  # for one header of refusals

        return max(0.0, (parsedate_to_datetime(header).astimezone(UTC) - now).total_seconds())
    except (ValueError, OverflowError):
        return None


def pieces(response: "Response", name: str, limit: int) -> Iterator[bytes]:
    """Yield the body. Raises UnavailableError if it is cut off or too slow, LimitError above `limit` bytes."""
    started, done = time.monotonic(), 0
    try:
        while piece := response.raw.read1(_CHUNK, decode_content=False):
            done += len(piece)
            if done > limit:
                raise LimitError(f"has more than {limit:,} bytes", path=name)
            if (lasted := time.monotonic() - started) > SLOW_AFTER_S and done / lasted < MIN_RATE:
                raise unavailable(name, f"the server sends less than {MIN_RATE:,} bytes a second")
            yield piece
    except _failures() as error:
        raise unavailable(name, type(error).__name__) from error


def is_absent(response: "Response", *, is_optional: bool = False) -> bool:
    """True if the server has no such file. Of an optional file, status 403 says so too, as object stores do."""
    return response.status_code in (404, 410) or (is_optional and response.status_code == 403)


def expect(response: "Response", name: str, *statuses: int) -> None:
    """Raise UnavailableError if the status is none of those expected."""
    if response.status_code not in statuses:
        raise unavailable(name, f"the server answered with status {response.status_code}")
