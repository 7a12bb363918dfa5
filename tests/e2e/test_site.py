"""The documentation as a site: built strictly, searched in a real Chromium, asking no other host for anything."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

ROOT = Path(__file__).parents[2]
BROWSE = Path(__file__).parent / "browser" / "site.cjs"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, require: Callable[[str], str]) -> Path:
    folder = tmp_path_factory.mktemp("site") / "site"
    command = [sys.executable, ROOT / "docs/build_site.py", "--zensical", require("zensical"), "--output", folder]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No issues found" in done.stdout + done.stderr
    return folder


@pytest.fixture
def address(site: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_pages_that_the_program_writes_are_there(site: Path) -> None:
    assert "gate run" in (site / "reference/options.html").read_text()
    assert "DL3008" in (site / "reference/rules-dockerfile.html").read_text()
    assert "DL3008" not in (site / "reference/rules-secrets.html").read_text()
    assert json.loads((site / "reference/gate-config.schema.json").read_text())["title"] == "gate.yaml"


def test_it_is_searched_and_read_on_a_phone_without_any_other_host(
    address: str, require: Callable[[str], str], run: Run, tools: Path, tmp_path: Path
) -> None:
    environment = {"NODE_PATH": str(tools / "node/node_modules"), "CHROMIUM": require("chromium")}
    done = run("node", BROWSE, address, "fingerprint", cwd=tmp_path, env=environment, timeout=120)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["found"] > 5
    assert seen["heading"].startswith("Your push or merge request was stopped")
    assert seen["elsewhere"] == []
    assert seen["overflow"] <= 0
