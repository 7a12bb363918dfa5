"""A fleet's console in Chromium: 10,000 repositories from shards, and the served one with its questions."""

import http.server
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from gate.fleet.console import fleet_site
from gate.fleet.console.targets import FleetTarget
from gate.fleet.console.view import FleetView
from gate.fleet.reading import add_report
from gate.fleet.rejudge import FleetBlocker
from gate.fleet.store import make_store
from gate.model import Deployed, Deployment, VerdictStatus
from tests.e2e.conftest import TOOLS
from tests.fleet.conftest import maven, report_on, secret_in

SCRIPT = Path(__file__).parent / "browser/fleet_console.cjs"
COUNT = 10_000


def made_up(number: int) -> FleetTarget:
    blockers = (FleetBlocker(what=f"CVE-2026-{number % 300}", package=f"pkg:npm/p{number % 90}@1", fingerprint=""),)
    runs = Deployment(deployed=Deployed.YES, evidence=(f"prod: Deployment/shop/s{number}, listed on 2026-11-28",))
    return FleetTarget(
        kind="repository",
        name=f"git.example.com/team{number % 200}/service-{number:05}",
        digest="",
        branch="main",
        status="fail" if number % 3 else "pass",
        owners=(f"@example/team{number % 200}",),
        first_seen="2026-11-02T00:00:00+00:00",
        read_at="2026-11-28T00:00:00+00:00",
        is_complete=True,
        is_listed=True,
        blockers=blockers if number % 3 else (),
        deployment=runs if number % 4 == 0 else Deployment(),
    )


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """A site of 10,000 made-up repositories, served as files."""
    targets = sorted((made_up(number) for number in range(COUNT)), key=FleetTarget.order)
    view = FleetView(organisation="Example", targets=targets, ending=[], sources=())
    for path, content in fleet_site(view, date(2026, 11, 28)):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    handler = partial(QuietHandler, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None: ...


def browsed(address: str, word: str, require: Callable[[str], str]) -> dict[str, Any]:
    chromium, modules = require("chromium"), TOOLS / "node/node_modules"
    if not (modules / "playwright-core").is_dir():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("playwright-core is not installed")
    environment = {**os.environ, "CHROMIUM": chromium, "NODE_PATH": str(modules)}
    done = subprocess.run(
        ["node", SCRIPT, address, word], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert (seen["elsewhere"], seen["errors"], seen["overflow"]) == ([], [], 0)
    return dict(seen)


def test_ten_thousand_repositories_are_searched_in_the_browser(site: str, require: Callable[[str], str]) -> None:
    seen = browsed(site, "team7", require)
    assert seen["rest"].startswith("200 of 550 that match"), "team7 and team70 to team79 have fifty each"
    assert seen["rows"] == 200
    assert seen["detail"].startswith("CVE-2026-")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """`gate console serve` on a store with one image and one repository."""
    pytest.importorskip("uvicorn")
    store = make_store(str(tmp_path / "store"))
    secret = report_on("code", [maven("9")], findings=[secret_in("code", "a.env")], status=VerdictStatus.FAIL)
    for report in (secret, report_on("web", [maven("2.14.0")], digest="b" * 64)):
        add_report(store, report, owners=("@a",))
    with http.server.HTTPServer(("127.0.0.1", 0), QuietHandler) as taken:
        port = taken.server_port
    words = ["console", "serve", "--store", str(tmp_path / "store"), "--port", str(port)]
    process = subprocess.Popen([sys.executable, "-m", "gate", *words], stderr=subprocess.DEVNULL)
    try:
        yield waited(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(timeout=30)


def status_of(request: str | Request) -> int:
    try:
        with urlopen(request) as answer:
            return int(answer.status)
    except HTTPError as error:
        with error:  # it holds the connection
            return error.code


def waited(address: str) -> str:
    for _ in range(300):
        try:
            status_of(address)
        except OSError:
            time.sleep(0.1)
        else:
            return address
    raise AssertionError("it does not answer")


def test_the_served_console_answers_questions_and_refuses_what_comes_through_a_proxy(
    served: str, require: Callable[[str], str]
) -> None:
    seen = browsed(served, "code", require)
    assert seen["answer"] == "blocks 1 target: 1 would pass without it"
    for path, headers, status in (
        ("/", {"X-Forwarded-For": "10.0.0.1"}, 403),
        ("/", {"Host": "rebound.example"}, 403),
        ("/api/find?q=lodash", {}, 400),
        ("/data/targets-9.json", {}, 404),
        ("/store.json", {}, 404),
    ):
        assert status_of(Request(served + path, headers=headers)) == status, path
    assert status_of(Request(f"{served}/", data=b"x")) == 405
