"""A fleet on this machine and on a real Dask scheduler with worker processes, one of which is killed; its sources.

It goes through `gate/fleet/on_dask.py`.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import GitRepository
from tests.fleet.serving import git_backend, serving
from tests.images.conftest import Make

GATE = [sys.executable, "-m", "gate"]


@pytest.fixture
def targets(tmp_path: Path) -> list[str]:
    """Repositories without and with a secret, one that cannot be read, and one that is not there."""
    folders = []
    for number in range(6):
        folder = tmp_path / f"code{number}"
        folder.mkdir()
        text = "FROM scratch\n" if number else "FROM scratch\nUSER root\nRUN curl -k https://example.com | sh\n"
        (folder / "Dockerfile").write_text(text)
        folders.append(str(folder))
    return [*folders, str(tmp_path / "nowhere")]


def fleet(
    store: Path, targets: list[str], *words: str, judging: str = "--stage dockerfile --offline"
) -> tuple[int, list[dict[str, str]], str]:
    output = store.parent / f"{store.name}.jsonl"
    options = ["--options", judging, "--run", "night", "--output", str(output)]
    command = [*GATE, "fleet", "run", *targets, "--store", str(store), *options, *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    lines = output.read_text().splitlines() if output.exists() else []
    return done.returncode, [json.loads(line) for line in lines], done.stdout + done.stderr


def make_store(store: Path) -> Path:
    subprocess.run([*GATE, "store", "init", "--store", str(store)], check=True, capture_output=True)
    return store


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[tuple[str, list["subprocess.Popen[bytes]"]]]:
    pytest.importorskip("distributed")
    file = tmp_path / "scheduler.json"
    environment = {**os.environ, "DASK_DISTRIBUTED__WORKER__DAEMON": "false"}
    head = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    command = [*head, "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)]
    started = [subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)]
    try:
        for _ in range(300):
            if file.exists() and file.read_text().strip().endswith("}"):
                break
            time.sleep(0.2)
        address = json.loads(file.read_text())["address"].removeprefix("tcp://")
        worker = [sys.executable, "-m", "distributed.cli.dask_worker", f"tcp://{address}"]
        options = ["--nthreads", "1", "--no-dashboard", "--no-nanny", "--local-directory", str(tmp_path / "dask")]
        started += [subprocess.Popen([*worker, *options], env=environment, stderr=subprocess.DEVNULL) for _ in range(2)]
        yield address, started
    finally:
        for process in started:
            process.kill()
            process.wait()


def test_locally_and_on_dask_the_same_comes_out_while_a_worker_is_killed(
    tmp_path: Path, targets: list[str], scheduler: tuple[str, list["subprocess.Popen[bytes]"]]
) -> None:
    status, local, said = fleet(make_store(tmp_path / "local"), targets)
    assert (status, len(local)) == (3, 7), said
    statuses = {Path(one["target"]).name: one["status"] for one in local}
    assert statuses == {"code0": "fail", "nowhere": "incomplete", **{f"code{n}": "pass" for n in range(1, 6)}}
    assert "no such folder" in next(one["reason"] for one in local if one["status"] == "incomplete")
    address, processes = scheduler
    killing = threading.Timer(4, lambda: processes[1].send_signal(signal.SIGKILL))
    killing.start()
    status, remote, said = fleet(make_store(tmp_path / "dask-store"), targets, "--on", f"dask://{address}")
    killing.cancel()
    assert (status, remote) == (3, local), said
    status, again, _ = fleet(tmp_path / "dask-store", targets, "--accept-unread", "50")
    assert (status, again) == (1, local)
    found = subprocess.run(
        [*GATE, "fleet", "find", "file:Dockerfile", "--store", str(tmp_path / "dask-store"), "--format", "json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert {Path(row["name"]).name for row in json.loads(found.stdout)["found"]} == {
        f"code{number}" for number in range(6)
    }


NOBODY = """
import sys
from gate.core.errors import UnavailableError
from gate.fleet import on_dask
from gate.fleet.target_run import FleetPlan
on_dask._CONNECT_S, on_dask._ROUNDS = 0.2, 1
try:
    on_dask.on_dask("127.0.0.1:9")(FleetPlan(store=sys.argv[1], run="night"), sys.argv[2:], lambda _: None)
except UnavailableError as error:
    print(error)
"""
"""A client of Dask runs in a process of its own: what its loop leaves open would be a later test's."""


def test_a_scheduler_that_is_not_there_is_said(tmp_path: Path, targets: list[str]) -> None:
    pytest.importorskip("distributed")
    words = [sys.executable, "-c", NOBODY, str(make_store(tmp_path / "store")), *targets]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300, check=False)
    assert "scheduler was lost" in done.stdout, done.stderr


def test_repositories_of_a_server_and_images_of_a_registry_are_fetched_and_judged(
    tmp_path: Path,
    registry: str,
    run: Callable[..., "subprocess.CompletedProcess[str]"],
    make_repository: Callable[..., GitRepository],
) -> None:
    """Real clones from git-http-backend, and the catalogue of a real registry with two tags of one image."""
    make = Make()
    layer = make.layer(make.file("usr/bin/tool", b"\x7fELF" + bytes(4000), mode=0o4755))
    layer_type = "application/vnd.oci.image.layer.v1.tar+gzip"
    layout = make.folder_of(tmp_path / "layout", make.oci_files([layer], pack=make.gzip, layer_type=layer_type))
    for tag in ("1", "2"):
        image = f"docker://{registry}/fleet/api:{tag}"
        done = run("skopeo", "copy", "--dest-tls-verify=false", f"oci:{layout}", image, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    repository = make_repository({"Dockerfile": "FROM scratch\nRUN curl -k https://example.com | sh\n"})
    repository.git("clone", "--quiet", "--bare", ".", tmp_path / "served/shop/api.git")
    with serving(lambda asked: git_backend(tmp_path / "served", asked)) as server:
        words = [f"http://{server.host}/shop/{name}" for name in ("api", "gone")]
        sources = ["--from", f"catalogue:{registry}/fleet/*", "--per-host", "1"]
        status, lines, said = fleet(
            make_store(tmp_path / "store"), words, *sources, judging="--stage dockerfile --stage image"
        )
    assert {one["target"].rpartition("/")[2]: one["status"] for one in lines} == {
        "api": "fail",
        "gone": "incomplete",
        "api:1": "incomplete",
        "api:2": "incomplete",
    }, said
    reasons = {one["target"].rpartition("/")[2]: one["reason"] for one in lines}
    assert "is not there" in reasons["gone"]
    assert "packages explain only 0 of 1" in reasons["api:1"]
    assert status == 3
    assert found_in(tmp_path / "store", "file:Dockerfile") == [f"{server.host}/shop/api"]
    (manifest,) = json.loads((Path(layout) / "index.json").read_bytes())["manifests"]
    assert len(found_in(tmp_path / "store", manifest["digest"])) == 1, "two tags are one image"


def found_in(store: Path, what: str) -> list[str]:
    """Return the names of what `gate fleet find` finds."""
    command = [*GATE, "fleet", "find", what, "--store", str(store), "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return [row["name"] for row in json.loads(done.stdout)["found"]]
