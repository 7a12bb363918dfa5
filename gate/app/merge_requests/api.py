"""A client for a JSON API with pages, which never shows its token."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlencode

import msgspec

from gate.core.errors import GateError, UnavailableError
from gate.core.logins import check_transport
from gate.core.web import Web, pieces

_MAX_ANSWER = 64 << 20
"""Bytes: a hundred comments of the largest size, escaped."""
_PAGE = 100
"""Members of one page; GitHub and GitLab return no more."""
_MOST_PAGES = 100
_REFUSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)
_DONE = (HTTPStatus.OK, HTTPStatus.CREATED)

Shape = TypeVar("Shape")


class Api:
    """The API at a URL; `hint` is for the error if it refuses a request."""

    def __init__(self, location: str, headers: dict[str, str], hint: str, *, most_pages: int = _MOST_PAGES) -> None:
        """Raises GateError for a URL to which the token would be sent without TLS."""
        check_transport(location)
        self._web = Web(location)
        self._headers = {**headers, "Content-Type": "application/json", "User-Agent": "security-gate"}
        self._hint = hint
        self._most_pages = most_pages

    def read(self, path: str, shape: type[Shape], **query: Any) -> Shape:
        """Return the resource at `path`, decoded as `shape`. Raises GateError if it is refused or does not fit."""
        return self._asked("GET", path, shape, query=urlencode(query))

    def pages(self, path: str, shape: type[Shape], **query: Any) -> Iterator[Shape]:
        """Yield the members of a list that comes in pages. Raises GateError, also for too many pages."""
        for page in range(1, self._most_pages + 1):
            members = self.read(path, list[shape], per_page=_PAGE, page=page, **query)  # type: ignore[valid-type]
            yield from members
            if len(members) < _PAGE:
                return
        raise GateError(f"has more than {_PAGE * self._most_pages:,} entries", path=path)

    def write(self, method: str, path: str, content: dict[str, str]) -> None:
        """Send JSON to `path`. Raises GateError if it is refused."""
        self._asked(method, path, msgspec.Raw, body=msgspec.json.encode(content))

    def _asked(self, method: str, path: str, shape: type[Shape], query: str = "", body: bytes = b"") -> Shape:
        try:
            with self._web.ask(path, self._headers, method=method, query=query, body=body) as response:
                status, answer = response.status_code, b"".join(pieces(response, path, _MAX_ANSWER))
        except UnavailableError as error:
            raise GateError(f"the server cannot be reached ({error.message})", path=path) from error
        if status in _REFUSED:
            raise GateError(f"the server refuses ({status})", path=path, hint=self._hint)
        if status not in _DONE:
            raise GateError(f"the server answers with status {status}", path=path)
        return understood(answer, shape, path)


def understood(answer: bytes, shape: type[Shape], path: str) -> Shape:
    """Return an answer decoded as `shape`. Raises GateError if it does not fit."""
    try:
        return msgspec.json.decode(answer, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise GateError(f"the answer is not understood ({error})", path=path) from error
