"""The gate's own image: built by a real Docker daemon, run without network and rights, and judged by the gate."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
IMAGE = "gate-test/gate:1"
CONFINED = (
    "--rm",
    "--network=none",
    "--read-only",
    "--tmpfs=/tmp",
    "--cap-drop=ALL",
    "--security-opt=no-new-privileges",
)
BAD = {"Dockerfile": "FROM debian:latest\nADD https://files.example/tool.tgz /opt/\nRUN chmod 777 /srv\n"}
CLEAN = {"a.txt": "nothing\n"}

Docker = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def docker(run: Docker, docker_host: str) -> Docker:
    """Return a function that runs `docker` with its words in the project's folder; the image is built once."""

    def call(*words: str) -> subprocess.CompletedProcess[str]:
        return run("docker", *words, cwd=PROJECT, env={"DOCKER_HOST": docker_host})

    return call


@pytest.fixture(scope="module")
def image(run: Docker, docker_host: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Build the image by `container/build`, on the tests' own base, with the machine's network and authorities."""
    words = ["--network=host", "--provenance=false", "--build-arg=BASE=gate-test/base:1"]
    if authority := os.environ.get("PIP_CERT"):
        settings = tmp_path_factory.mktemp("pip") / "pip.conf"
        settings.write_text("[global]\ncert = /run/secrets/ca\n")
        words += [f"--secret=id=ca,src={authority}", f"--secret=id=pip,src={settings}"]
    settings_of_build = {"GATE_IMAGE_PLATFORMS": "linux/amd64", "GATE_IMAGE_OUTPUT": f"type=docker,name={IMAGE}"}
    done = run(PROJECT / "container/build", *words, cwd=PROJECT, env={"DOCKER_HOST": docker_host, **settings_of_build})
    assert done.returncode == 0, done.stderr[-3000:]
    return IMAGE


def test_it_does_not_run_as_root_and_says_what_it_is(image: str, docker: Docker) -> None:
    (about,) = json.loads(docker("image", "inspect", image).stdout)
    assert about["Config"]["User"] == "65532:65532"
    labels = about["Config"]["Labels"]
    assert labels["org.opencontainers.image.revision"] not in ("", "unknown")
    assert labels["org.opencontainers.image.base.name"] == "gate-test/base:1"
    assert docker("run", *CONFINED, image, "gate", "--version").stdout.startswith("gate ")


@pytest.mark.parametrize(("files", "status"), [(CLEAN, 0), (BAD, 1)], ids=["clean", "bad"])
def test_it_judges_a_repository_of_somebody_else_without_network_and_rights(
    image: str, docker: Docker, make_repository: Callable[..., object], files: dict[str, str], status: int
) -> None:
    folder = make_repository(files).folder  # type: ignore[attr-defined]
    for place in (folder, *folder.parents[:3]):
        place.chmod(0o755)
    done = docker("run", *CONFINED, f"--volume={folder}:/repository:ro", image)
    assert done.returncode == status, done.stdout + done.stderr


def test_nothing_in_it_blocks(image: str, run: Docker, docker_host: str, tmp_path: Path) -> None:
    report = tmp_path / "gate.json"
    command = ("gate", "run", f"docker:{image}", "--stage=image", "--config=gate.yaml", "--offline")
    done = run(*command, f"--report=json={report}", cwd=PROJECT, env={"DOCKER_HOST": docker_host})
    assert report.exists(), done.stderr
    found = json.loads(report.read_text())
    assert [finding["title"] for finding in found["findings"] if finding["blocking"]] == [], done.stdout
    # The tests have no advisories of Debian 13: that is the one gap.
    assert all("advisories" in stage["reason"] for stage in found["stages"] if stage["reason"]), done.stdout
    assert {finding["rule"] for finding in found["findings"]} <= {"GI018", "GI019", "GI061"}
