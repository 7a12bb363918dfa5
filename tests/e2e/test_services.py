"""The daemons that other tests stand on do what those tests take for granted."""

import json
import urllib.request
from pathlib import Path

import pytest


def test_the_docker_daemon_holds_the_base_image(docker_host, run, tmp_path: Path):
    done = run("docker", "--host", docker_host, "image", "inspect", "gate-test/base:1", cwd=tmp_path)
    assert done.returncode == 0
    assert json.loads(done.stdout)[0]["RootFS"]["Layers"]


def test_a_container_of_the_base_image_is_debian(docker_host, run, tmp_path: Path):
    """Read from its log: what a container prints that ends at once may be gone before `docker run` listens."""

    def docker(*words: str) -> str:
        return run("docker", "--host", docker_host, *words, cwd=tmp_path).stdout

    command = ("dpkg-query", "--show", "dpkg")
    container = docker("run", "--detach", "--network=none", "gate-test/base:1", *command).strip()
    assert docker("wait", container) == "0\n"
    assert docker("logs", container).startswith("dpkg\t")
    docker("rm", container)


def test_the_registry_speaks_the_distribution_protocol(registry):
    with urllib.request.urlopen(f"http://{registry}/v2/") as answer:
        assert answer.headers["Docker-Distribution-Api-Version"] == "registry/2.0"


def test_tests_that_share_what_is_costly_run_in_one_process(request: pytest.FixtureRequest):
    if not request.config.getoption("loadgroup", None):
        pytest.skip("xdist was not asked to keep groups together")
    assert request.node.nodeid.endswith("@test_services")
