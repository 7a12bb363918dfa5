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
    done = run(
        *("docker", "--host", docker_host, "run", "--rm", "--network=none", "gate-test/base:1"),
        *("dpkg-query", "--show", "dpkg"),
        cwd=tmp_path,
    )
    assert done.stdout.startswith("dpkg\t"), done.stderr


def test_the_registry_speaks_the_distribution_protocol(registry):
    with urllib.request.urlopen(f"http://{registry}/v2/") as answer:
        assert answer.headers["Docker-Distribution-Api-Version"] == "registry/2.0"


def test_tests_that_share_what_is_costly_run_in_one_process(request: pytest.FixtureRequest):
    if not request.config.getoption("loadgroup", None):
        pytest.skip("xdist was not asked to keep groups together")
    assert request.node.nodeid.endswith("@test_services")
