"""Tiny buckets in OSV's layout, and packages to look up in them."""

import gzip
import hashlib
import http.server
import io
import json
import os
import threading
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from gate.advisories import Matches, find_vulnerabilities
from gate.core import web
from gate.model import Package, Trust
from gate.pipeline.context import LocalContext
from gate.settings import AdvisorySettings

Advisory = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]


def _zip_of(advisories: Iterable[Advisory]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for advisory in advisories:
            archive.writestr(zipfile.ZipInfo(f"{advisory['id']}.json"), json.dumps(advisory))
    return buffer.getvalue()


@pytest.fixture
def advisory() -> Callable[..., Advisory]:
    """Return a function that makes an advisory: `advisory("GHSA-1", "npm", "lodash", "0", "4.17.21", cvss="…")`."""

    def make(
        id: str, ecosystem: str, name: str, introduced: str = "0", fixed: str | None = None, **more: Any
    ) -> Advisory:
        events = [{"introduced": introduced}, *([{"fixed": fixed}] if fixed else [])]
        kind = "SEMVER" if ecosystem in ("npm", "Go", "crates.io") else "ECOSYSTEM"
        cvss = more.pop("cvss", None)
        affected = {"package": {"ecosystem": ecosystem, "name": name}, "ranges": [{"type": kind, "events": events}]}
        severity = {"severity": [{"type": f"CVSS_V{cvss[5]}", "score": cvss}]} if cvss else {}
        return {"id": id, "modified": "2026-01-02T00:00:00Z", "affected": [affected], **severity, **more}

    return make


@pytest.fixture
def make_bucket(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a bucket: ecosystems to advisories, and optionally `exploited` and `scores`."""

    def make(
        ecosystems: dict[str, list[Advisory]],
        exploited: list[str] | None = None,
        scores: dict[str, float] | None = None,
    ) -> Path:
        bucket = tmp_path / "bucket"
        for ecosystem, advisories in ecosystems.items():
            (bucket / ecosystem).mkdir(parents=True, exist_ok=True)
            (bucket / ecosystem / "all.zip").write_bytes(_zip_of(advisories))
        if exploited is not None:
            catalogue = {"catalogVersion": "2026.01.01", "vulnerabilities": [{"cveID": cve} for cve in exploited]}
            (bucket / "known_exploited_vulnerabilities.json").write_text(json.dumps(catalogue))
        if scores is not None:
            rows = "".join(f"{cve},{score},0.5\n" for cve, score in scores.items())
            head = "#model_version:v1,score_date:2026-01-01T00:00:00+0000\ncve,epss,percentile\n"
            (bucket / "epss_scores-current.csv.gz").write_bytes(gzip.compress((head + rows).encode(), mtime=0))
        return bucket

    return make


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again at once where the gate would wait a moment."""
    monkeypatch.setattr(web, "BACK_OFF_S", (0.0, 0.0, 0.0))


class Server:
    """A web server of a folder. `answers` replaces what it says for a path: one after the other, the last for ever."""

    def __init__(self) -> None:
        self.folder = Path()
        self.answers: dict[str, list[Answer]] = {}
        self.seen: list[tuple[str, int]] = []
        self.asked: list[dict[str, str]] = []
        """The headers of each request."""
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, headers, body = server.answer(self.path, dict(self.headers))
                server.asked.append(dict(self.headers))
                server.seen.append((self.path, status))
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that hangs up is meant to
        self.url = f"http://127.0.0.1:{self.http.server_port}"

    def answer(self, path: str, headers: dict[str, str]) -> "Answer":
        if path in self.answers:
            return self.answers[path].pop(0) if len(self.answers[path]) > 1 else self.answers[path][0]
        file = self.folder / unquote(path).removeprefix("/")
        if not file.is_file():
            return 404, {}, b""
        content = file.read_bytes()
        etag = f'"{hashlib.sha256(content).hexdigest()}"'
        if headers.get("If-None-Match") == etag:
            return 304, {"ETag": etag}, b""
        if "Range" in headers and headers.get("If-Range") == etag:
            start = int(headers["Range"].removeprefix("bytes=").removesuffix("-"))
            where = {"ETag": etag, "Content-Range": f"bytes {start}-{len(content) - 1}/{len(content)}"}
            return 206, where, content[start:]
        return 200, {"ETag": etag}, content


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


STATED = Trust(stated=frozenset({"advisories.source"}))
"""The starter names the source, which may be on this machine."""


@pytest.fixture
def match(make_context: Callable[..., LocalContext]) -> Callable[..., Matches]:
    """Return a function that looks packages up in a bucket, some time `after` the first run."""

    def find(
        bucket: Path | str, *packages: Package, after: timedelta = timedelta(), max_age: str = "7d", **settings: Any
    ) -> Matches:
        advisories = AdvisorySettings(source=str(bucket), max_age=max_age)
        context = make_context(advisories=advisories, **settings)
        context.now += after
        context.trust = STATED
        return find_vulnerabilities(packages, stage="dependencies", target="tree", context=context)

    return find
