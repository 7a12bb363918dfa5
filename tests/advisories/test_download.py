"""Advisories from the network: a real server, conditional requests, and what happens without it."""

import http.server
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

Make = Callable[..., Any]


class Server:
    """A web server of a folder; `answers` replaces what it says for a path."""

    def __init__(self) -> None:
        self.folder = Path()
        self.answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.seen: list[tuple[str, int]] = []
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, headers, body = server.answer(self.path, dict(self.headers))
                server.seen.append((self.path, status))
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"

    def answer(self, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        if path in self.answers:
            return self.answers[path]
        file = self.folder / path.removeprefix("/")
        if not file.is_file():
            return 404, {}, b""
        etag = f'"{hash(file.read_bytes())}"'
        if headers.get("If-None-Match") == etag:
            return 304, {"ETag": etag}, b""
        return 200, {"ETag": etag}, file.read_bytes()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    server = Server()
    thread = threading.Thread(target=server.http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.http.shutdown()
    thread.join()
    server.http.server_close()


def test_a_file_is_fetched_once_and_asked_for_by_its_tag(
    server: Server, make_bucket: Make, advisory: Make, package: Make, match: Make
) -> None:
    server.folder = make_bucket({"npm": [advisory("GHSA-1", "npm", "a")]}, exploited=["CVE-1"])
    for _ in range(2):
        assert [finding.rule for finding in match(server.url, package("npm", "a", "1.0.0")).findings] == ["GHSA-1"]
    assert server.seen == [
        ("/npm/all.zip", 200),
        ("/known_exploited_vulnerabilities.json", 200),
        ("/epss_scores-current.csv.gz", 404),
        ("/npm/all.zip", 304),
        ("/known_exploited_vulnerabilities.json", 304),
        ("/epss_scores-current.csv.gz", 404),
    ]


def test_new_content_is_fetched(server: Server, make_bucket: Make, advisory: Make, package: Make, match: Make) -> None:
    for rule in ("GHSA-1", "GHSA-2"):
        server.folder = make_bucket({"npm": [advisory(rule, "npm", "a")]})
        assert [finding.rule for finding in match(server.url, package("npm", "a", "1.0.0")).findings] == [rule]


def test_offline_uses_what_was_fetched_and_nothing_else(
    server: Server, make_bucket: Make, advisory: Make, package: Make, match: Make
) -> None:
    server.folder = make_bucket({"npm": [advisory("GHSA-1", "npm", "a")]}, exploited=["CVE-9"])
    (error,) = match(server.url, package("npm", "a", "1.0.0"), offline=True).errors
    assert (error.path, error.title) == ("npm/all.zip", "no copy is in the cache, and offline forbids to fetch it")
    match(server.url, package("npm", "a", "1.0.0"))
    server.seen.clear()
    matches = match(server.url, package("npm", "a", "1.0.0"), offline=True)
    assert ([finding.rule for finding in matches.findings], matches.errors, server.seen) == (["GHSA-1"], (), [])
    assert matches.facts["known_exploited"] == "1 vulnerabilities, 2026.01.01"


def test_a_damaged_copy_is_fetched_again(
    server: Server, make_bucket: Make, advisory: Make, package: Make, match: Make, tmp_path: Path
) -> None:
    server.folder = make_bucket({"npm": [advisory("GHSA-1", "npm", "a")]})
    match(server.url, package("npm", "a", "1.0.0"))
    (copy,) = (tmp_path / "cache").rglob("npm-all.zip")
    copy.write_bytes(copy.read_bytes()[:-3])
    assert match(server.url, package("npm", "a", "1.0.0"), offline=True).errors
    assert match(server.url, package("npm", "a", "1.0.0")).errors == ()
    assert match(server.url, package("npm", "a", "1.0.0"), offline=True).errors == ()


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((404, {}, b""), "there are no advisories for npm"),
        ((500, {}, b""), "cannot be fetched (the server answered with status 500)"),
        ((403, {}, b""), "cannot be fetched (the server answered with status 403)"),
        ((304, {}, b""), "cannot be fetched (the server answered with status 304)"),
        ((200, {"Content-Length": "5000"}, b"PK"), "cannot be fetched (ProtocolError)"),
        ((200, {}, b"<html>log in</html>"), "is no zip file or is damaged (BadZipFile)"),
        ((302, {"Location": "ftp://packages.example/"}, b""), "cannot be fetched (InvalidSchema)"),
    ],
)
def test_what_the_server_does_wrong_is_said(
    server: Server, package: Make, match: Make, answer: tuple[int, dict[str, str], bytes], why: str
) -> None:
    server.answers["/npm/all.zip"] = answer
    (error,) = match(server.url, package("npm", "a", "1.0.0")).errors
    assert (error.path, error.title) == ("npm/all.zip", why)
    assert error.message


def test_no_network_is_an_error_for_each_file(server: Server, package: Make, match: Make) -> None:
    server.http.server_close()
    errors = match(server.url, package("npm", "a", "1.0.0")).errors
    assert {error.title for error in errors} == {"cannot be fetched (ConnectionError)"}
    assert all("--offline" in error.message for error in errors)


def test_credentials_in_the_address_are_shown_nowhere(
    server: Server, make_bucket: Make, advisory: Make, package: Make, match: Make
) -> None:
    server.folder = make_bucket({"npm": [advisory("GHSA-1", "npm", "a")]})
    url = server.url.replace("://", "://reader:hunter2@")
    matches = match(url, package("npm", "a", "1.0.0"), package("PyPI", "a", "1"))
    assert matches.facts["advisories_source"] == server.url
    assert len(matches.errors) == 1
    assert "hunter2" not in f"{matches}"
