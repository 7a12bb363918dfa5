"""A server that speaks as much of GitHub's and GitLab's APIs as comments need, and remembers what it was told."""

import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

GITHUB = "/repos/shop/api/issues/12/comments"
GITLAB = "/projects/7/merge_requests/12/notes"


class Forge:
    """Comments as the API returns them; `refuses` answers every writing request with that status."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self.me: dict[str, Any] | None = None
        """What `GET /user` answers; None: a workflow's token may not ask."""
        self.refuses: int | None = None
        self.is_cut = False
        """A comment is written, but the connection is cut before the answer."""
        self.asked: list[tuple[str, str]] = []
        self.tokens: set[str] = set()
        self.url = ""

    def post(self, body: str, *, author: str, kind: str = "User", **more: Any) -> dict[str, Any]:
        """Add a comment as somebody wrote it, in the shape of both APIs."""
        user = {"login": author, "type": kind, "username": author}
        entry = {"id": 100 + len(self.entries), "body": body, "user": user, "author": user, "system": False, **more}
        self.entries.append(entry)
        return entry

    @property
    def bodies(self) -> list[str]:
        return [entry["body"] for entry in self.entries]

    def answer(self, method: str, path: str, query: dict[str, list[str]], sent: dict[str, Any]) -> tuple[int, Any]:
        if method == "GET" and path in ("/user", "/job"):
            return (200, self.me) if self.me else (403, {"message": "Resource not accessible by integration"})
        if method == "GET" and path in (GITHUB, GITLAB):
            page, size = (int(query[name][0]) for name in ("page", "per_page"))
            return 200, self.entries[(page - 1) * size : page * size]
        if self.refuses:
            return self.refuses, {"message": "no"}
        if method == "POST" and path in (GITHUB, GITLAB):
            return 201, self.post(sent["body"], author="gate-bot", kind="Bot")
        entry = next((one for one in self.entries if path.endswith(f"/{one['id']}")), None)
        is_known = method == ("PATCH" if path.startswith("/repos/shop/api/issues/comments/") else "PUT")
        if entry is None or not is_known:
            return 404, {"message": "Not Found"}
        entry["body"] = sent["body"]
        return 200, entry


def _handler(forge: Forge) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            sent = json.loads(self.rfile.read(length)) if length else {}
            forge.asked.append((self.command, parts.path))
            names = ("Authorization", "PRIVATE-TOKEN", "JOB-TOKEN")
            forge.tokens |= {f"{name}: {self.headers[name]}" for name in names if self.headers.get(name)}
            status, content = forge.answer(self.command, parts.path, parse_qs(parts.query), sent)
            if forge.is_cut and self.command == "POST":
                return
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_PATCH = do_PUT = do_GET  # noqa: N815  (names that http.server looks for)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@contextmanager
def serving() -> Iterator[Forge]:
    """Run a forge on a free port of this machine."""
    forge = Forge()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler(forge))
    forge.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield forge
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def forge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Forge]:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with serving() as forge:
        yield forge
