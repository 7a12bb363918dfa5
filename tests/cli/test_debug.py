"""`--debug` and `GATE_DEBUG=1`: each step on standard error, by the standard library's logging, and no secret.

Goes through `gate/pipeline/steps_log.py`.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from gate.cli import COMMANDS, main
from gate.pipeline.isolation.sealing import possible
from tests.conftest import GitRepository

TOKEN = "ghp_" + "hGAkWvj7FAc9QeWJKY40uvSwMFLZDe1f8rES"
LINE = re.compile(r"^(?:worker: )?\d\d:\d\d:\d\d\.\d\d\dZ (gate\.\w+)\[\d+\]: (.*)$", re.MULTILINE)
Gate = Callable[..., "subprocess.CompletedProcess[str]"]


def logged(text: str) -> dict[str, list[str]]:
    """Return the texts of a log by their topics."""
    topics: dict[str, list[str]] = {}
    for topic, said in LINE.findall(text):
        topics.setdefault(topic, []).append(said)
    return topics


@pytest.fixture
def repository(make_repository: Callable[..., GitRepository]) -> GitRepository:
    made = make_repository()
    made.commit({"gate.yaml": "jobs: 1\n", "Dockerfile": "FROM scratch\n", "a.py": f"password = '{TOKEN}'\n"})
    return made


def test_a_run_logs_its_steps(gate: Gate, repository: GitRepository) -> None:
    done = gate("run", "--offline", "--debug", "--skip", "dependencies", cwd=str(repository.root))
    topics = logged(done.stderr)
    assert any(text.endswith("gate.yaml") for text in topics["gate.settings"])
    assert any(text.startswith("dockerfile on ") for text in topics["gate.plan"])
    assert any(text.startswith("image: no image was named") for text in topics["gate.plan"])
    run = topics["gate.run"]
    assert any(text.endswith(": started") for text in run)
    assert any(re.fullmatch(r"secrets on \S+: ok after \d+\.\d{3} s, 1 findings, 0 errors", text) for text in run)
    assert any("started for" in text and "bytes of memory" in text for text in topics["gate.workers"])
    assert any(text.startswith("ls-files") for text in topics["gate.git"])
    assert topics["gate.cache"]
    (decision,) = topics["gate.policy"]
    assert re.fullmatch(r"verdict fail: \d+ findings block; \{'new': \d+\}", decision)
    assert TOKEN not in done.stderr


def test_without_it_nothing_is_logged(gate: Gate, repository: GitRepository) -> None:
    done = gate("run", "--offline", "--stage", "secrets", cwd=str(repository.root))
    assert logged(done.stderr) == {}


def test_the_environment_asks_for_it_too(
    gate: Gate, repository: GitRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATE_DEBUG", "1")
    assert logged(gate("doctor", cwd=str(repository.root)).stderr)
    monkeypatch.setenv("GATE_DEBUG", "0")
    assert logged(gate("doctor", cwd=str(repository.root)).stderr) == {}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_takes_it(gate: Gate, command: str) -> None:
    done = gate(command, "--debug", "--help")
    assert done.returncode == 0
    assert "--debug" in done.stdout


def test_behind_two_dashes_it_is_a_word_like_any_other(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--stage", "image", "--", "--debug"]) == 2
    assert "unrecognized arguments" in capsys.readouterr().err


def test_a_folder_with_the_name_of_a_token_is_not_shown(gate: Gate, tmp_path: Path) -> None:
    folder = tmp_path / TOKEN
    folder.mkdir()
    (folder / "gate.yaml").write_text("jobs: 1\n")
    done = gate("run", str(folder), "--offline", "--debug")
    assert any(text.endswith("/…/gate.yaml") for text in logged(done.stderr)["gate.settings"])
    assert TOKEN not in "\n".join(line for line in done.stderr.splitlines() if LINE.match(line))


class _Nothing(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        pass


def test_requests_are_logged_without_login_and_query(gate: Gate, tmp_path: Path) -> None:
    with HTTPServer(("127.0.0.1", 0), _Nothing) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        place = f"127.0.0.1:{server.server_port}"
        words = ("db", "update", "--ecosystem", "npm", "--advisories", f"http://ada:hunter2@{place}", "--debug")
        done = gate(*words, cwd=str(tmp_path))
        server.shutdown()
    asked = logged(done.stderr)["gate.web"]
    assert any(text.startswith(f"GET http://{place}/") and text.endswith(": 404") for text in asked)
    assert "hunter2" not in done.stderr


BROKEN = """
import sys
from gate.{module} import run as _
import gate.{module} as broken

def run(*_):
    raise RuntimeError("password = " + "retnuh"[::-1] + "2")  # a traceback may show this line, not what it says

broken.run = run
from gate.cli import main
sys.exit(main(sys.argv[1:]))
"""


def broken(module: str, *words: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", BROKEN.format(module=module), *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=os.environ, timeout=60)


def test_an_internal_error_of_a_command_has_a_traceback_without_its_text(own_cache: Path, tmp_path: Path) -> None:
    done = broken("cli.doctor", "doctor", "--debug", folder=tmp_path)
    traceback = logged(done.stderr)["gate.traceback"]
    assert traceback[0] == "RuntimeError"
    assert any("in run" in line for line in traceback)
    assert "hunter2" not in done.stderr
    assert done.returncode == 3
    assert logged(broken("cli.doctor", "doctor", folder=tmp_path).stderr) == {}


@pytest.mark.skipif(not possible().is_whole, reason="workers cannot be sealed here")
def test_so_has_one_of_a_stage_in_a_sealed_worker(own_cache: Path, repository: GitRepository) -> None:
    words = ("run", "--stage", "dockerfile", "--offline", "--debug")
    done = broken("stages.dockerfile", *words, folder=repository.root)
    assert "gate.traceback" in "".join(line for line in done.stderr.splitlines() if line.startswith("worker: "))
    traceback = logged(done.stderr)["gate.traceback"]
    assert traceback[0] == "RuntimeError"
    assert any("in run_job" in line for line in traceback)
    assert "hunter2" not in done.stderr


def test_logging_is_not_even_imported_without_it(own_cache: Path, repository: GitRepository) -> None:
    code = "import sys\nfrom gate.__main__ import main\nmain()\nprint('logging' in sys.modules, file=sys.stderr)"
    command = [sys.executable, "-c", code, "run", "--stage", "secrets", "--offline", "--quiet"]
    done = subprocess.run(command, cwd=repository.root, capture_output=True, text=True, timeout=60)
    assert done.stderr.splitlines()[-1] == "False"
