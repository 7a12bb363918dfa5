"""A real Docker daemon as a target: its settings and its containers are judged, and nothing of it changes."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.e2e

Docker = Callable[..., str]
RUN = ("run", "--detach", "--network", "none")
SLEEP = ("gate-test/base:1", "sleep", "600")


@pytest.fixture(scope="module")
def docker(docker_host: str) -> Docker:
    """Return a function that runs `docker` against the daemon and returns its output."""

    def run(*arguments: str) -> str:
        environment = {**os.environ, "DOCKER_HOST": docker_host}
        done = subprocess.run(["docker", *arguments], env=environment, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run


@pytest.fixture(scope="module")
def containers(docker: Docker) -> Iterator[tuple[str, str]]:
    """Yield the names of a container that may do anything, and of one that is confined."""
    docker(*RUN, "--name", "free", "--privileged", "--pid", "host", "--volume", "/etc:/host", *SLEEP)
    confined = ("--cap-drop", "ALL", "--read-only", "--memory", "64m", "--security-opt", "no-new-privileges")
    docker(*RUN, "--name", "confined", *confined, *SLEEP)
    yield "free", "confined"
    docker("rm", "--force", "free", "confined")


def judge(target: str, folder: Path, docker_host: str = "") -> tuple[int, dict[str, list[str]], str]:
    """Run the gate on a Docker host. Return the exit status, messages by rule, and standard error."""
    report = folder / "report.json"
    environment = {**os.environ, **({"DOCKER_HOST": docker_host} if docker_host else {})}
    done = subprocess.run(
        [
            Path(sys.executable).with_name("gate"),
            "run",
            target,
            "--stage",
            "kubernetes",
            "--offline",
            "--report",
            f"json={report}",
        ],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
    )
    found: dict[str, list[str]] = {}
    for one in json.loads(report.read_text())["findings"]:
        found.setdefault(one["rule"], []).append(one["message"])
    return done.returncode, found, done.stdout + done.stderr


def test_a_daemon_and_its_containers_are_judged_and_stay_as_they_are(
    docker: Docker, docker_host: str, containers: tuple[str, str], tmp_path: Path
) -> None:
    before = docker("ps", "--all", "--no-trunc", "--format", "{{.ID}} {{.Status}}").count("Up")
    status, found, _ = judge(f"docker-host:{docker_host}", tmp_path)
    assert status == 1
    assert found["GK401"] == ["container/free: privileged is true"]
    assert found["GK403"] == ["container/free: volumes mounts /etc"]
    assert any("pid is host" in message for message in found["GK404"])
    assert any("userns-remap" in message for message in found["GK421"])
    assert "GK420" not in found, "it listens on a socket alone"
    assert not any("confined" in message for messages in found.values() for message in messages)
    assert docker("ps", "--all", "--no-trunc", "--format", "{{.ID}} {{.Status}}").count("Up") == before


def test_the_daemon_of_docker_host_is_the_default(docker_host: str, containers: object, tmp_path: Path) -> None:
    assert "GK401" in judge("docker-host:", tmp_path, docker_host)[1]


def test_a_daemon_that_does_not_answer_makes_the_run_incomplete(tmp_path: Path) -> None:
    status, _, said = judge("docker-host:unix:///nowhere/docker.sock", tmp_path)
    assert status == 3
    assert "does not answer" in said
