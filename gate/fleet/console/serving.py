"""The console of a store as a server: the same page, with find and what-if on what the store holds now.

It answers reads alone, on the loopback address alone. Who may see what is for the organisation's own proxy to say: it
names the team of a request in a header that `--team-header` names, and a request without a team is refused. Without
that option a request which a proxy passed on, or for another host's name, is refused.
"""

import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from gate.core.errors import GateError, UsageError
from gate.core.json_text import json_bytes
from gate.fleet.console import details_shard, index_page, shards_of, targets_shard
from gate.fleet.console.answers import found_answer, what_if_answer
from gate.fleet.console.view import FleetView, view_of
from gate.fleet.contexts import contexts
from gate.fleet.generations import opened
from gate.fleet.store import FleetStore

if TYPE_CHECKING:
    from starlette.requests import Request

ADDRESS = "127.0.0.1"
_OWN_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
_OF_PROXIES = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
_FRESH_S = 30.0
"""Seconds for which the store is not asked again for the page."""
_MOST_QUESTION = 500
"""Characters of a question."""
_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
Served = tuple[int, str, bytes]
"""Status, media type and body."""


class RefusedRequestError(GateError):
    """A request that may see nothing."""


class FleetServer:
    """Answers requests about a store."""

    def __init__(self, store: FleetStore, team_header: str = "") -> None:
        self._store = store
        self._team_header = team_header.lower()
        self._lock = threading.Lock()
        self._view: FleetView | None = None
        self._read_at = 0.0

    def teams(self, headers: Mapping[str, str]) -> frozenset[str] | None:
        """Return the owners whose targets a request may see; None: all. Raises RefusedRequestError."""
        if self._team_header:
            stated = headers.get(self._team_header, "").split(",")
            teams = frozenset(filter(None, (one.strip() for one in stated)))
            if not teams:
                raise RefusedRequestError(f"the proxy names no team in {self._team_header}")
            return teams
        if any(name in headers for name in _OF_PROXIES):
            raise RefusedRequestError("a proxy passed this on, and --team-header does not say who may see what")
        if headers.get("host", "").rpartition(":")[0] not in _OWN_NAMES:
            raise RefusedRequestError("this is no name of this machine")
        return None

    def page(self, teams: frozenset[str] | None, _: Mapping[str, str]) -> Served:
        text = index_page(self._seen(teams), datetime.now(UTC).date(), is_live=True)
        return 200, "text/html; charset=utf-8", text.encode("utf-8", "backslashreplace")

    def shard(self, teams: frozenset[str] | None, asked: Mapping[str, str]) -> Served:
        """Return a shard of the targets, or of what blocks them."""
        view, number = self._seen(teams), int(asked["number"])
        if number >= shards_of(view):
            return 404, "text/plain", b"There is no such part."
        write = targets_shard if asked["kind"] == "targets" else details_shard
        return 200, "application/json", write(view, number)

    def find(self, teams: frozenset[str] | None, asked: Mapping[str, str]) -> Served:
        with opened(self._store) as connection:
            found = found_answer(connection, _question(asked), contexts(self._store), teams)
        return 200, "application/json", json_bytes(msgspec.to_builtins(found))

    def what_if(self, teams: frozenset[str] | None, asked: Mapping[str, str]) -> Served:
        view = self._seen(teams)
        with opened(self._store) as connection:
            found = what_if_answer(connection, _question(asked), view)
        return 200, "application/json", json_bytes(msgspec.to_builtins(found))

    def _seen(self, teams: frozenset[str] | None) -> FleetView:
        view = self._whole()
        return view if teams is None else view.of_owners(teams)

    def _whole(self) -> FleetView:
        with self._lock:
            if self._view is None or time.monotonic() > self._read_at + _FRESH_S:
                with opened(self._store) as connection:
                    today = datetime.now(UTC).date()
                    self._view = view_of(self._store, connection, contexts(self._store), today)
                self._read_at = time.monotonic()
            return self._view


def _question(asked: Mapping[str, str]) -> str:
    text = asked.get("q", "").strip()
    if not text or len(text) > _MOST_QUESTION:
        raise UsageError(f"a question has 1 to {_MOST_QUESTION} characters")
    return text


def application(server: FleetServer) -> Any:
    """Return the ASGI application. Raises UsageError without starlette."""
    try:
        from starlette.applications import Starlette
        from starlette.routing import Route
    except ImportError as error:
        raise _missing("starlette") from error
    answers: dict[str, Callable[[frozenset[str] | None, Mapping[str, str]], Served]] = {
        "/": server.page,
        "/data/{kind:str}-{number:int}.json": server.shard,
        "/api/find": server.find,
        "/api/what-if": server.what_if,
    }
    return Starlette(routes=[Route(path, _endpoint(server, ask)) for path, ask in answers.items()])


def _endpoint(server: FleetServer, ask: Callable[[frozenset[str] | None, Mapping[str, str]], Served]) -> Any:
    from starlette.responses import Response

    def answer(request: "Request") -> Response:
        try:
            asked = {**request.query_params, **{name: str(value) for name, value in request.path_params.items()}}
            status, kind, body = ask(server.teams(request.headers), asked)
        except GateError as error:
            status, kind, body = _failed(error)
        return Response(body, status, _HEADERS, kind)

    return answer


def _failed(error: GateError) -> Served:
    statuses = ((RefusedRequestError, 403), (UsageError, 400))
    status = next((number for kind, number in statuses if isinstance(error, kind)), 500)
    # Without the path: it is the store's address, which is not for everyone who may ask.
    text = f"{error.message}. {error.hint}" if error.hint and status != 500 else error.message
    return status, "text/plain; charset=utf-8", text.encode("utf-8", "backslashreplace")


def serve(server: FleetServer, port: int) -> None:
    """Serve until interrupted. Raises UsageError without uvicorn."""
    try:
        import uvicorn
    except ImportError as error:
        raise _missing("uvicorn") from error
    uvicorn.run(
        application(server),
        host=ADDRESS,
        port=port,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        lifespan="off",
    )


def _missing(package: str) -> UsageError:
    return UsageError(f"needs the package {package}", hint="Install the gate with its extra `fleet`")
