"""The gate's own image: built by a real Docker daemon, run without network and rights, and judged by the gate."""

import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

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
BAD = {"Dockerfile": "FROM debian:latest\nADD http://files.example/tool.tgz /opt/\nRUN chmod 777 /srv\n"}
CLEAN = {"a.txt": "nothing\n"}

Docker = Callable[..., subprocess.CompletedProcess[str]]
Advisories = dict[str, tuple[str, str, str]]
Judged = tuple[int, list[str], list[str]]
"""Status, blocking rules, errors."""


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


ELSEWHERE = {"Debian": ("Debian:13", "git", "1:1.0"), "PyPI": ("PyPI", "msgspec", "0.1")}
"""Advisories on what the image holds, by ecosystem: name as OSV has it, package, first version without the fault."""
HERE = {**ELSEWHERE, "Debian": ("Debian:13", "python3.13", "99:1")}


def test_it_passes_its_own_gate_once_the_advisories_of_its_distribution_are_there(
    image: str, run: Docker, docker_host: str, compiled: Path, tmp_path: Path
) -> None:
    """One cache for all three, so that the image's layers are read once."""
    shutil.copytree(compiled, tmp_path / "gate/secrets")
    settings = {"DOCKER_HOST": docker_host, "XDG_CACHE_HOME": str(tmp_path)}

    def judge() -> Judged:
        command = ("gate", "run", f"docker:{image}", "--stage=image", "--config=gate.yaml", "--offline")
        done = run(*command, "--report=json=-", cwd=PROJECT, env=settings)
        assert done.returncode in (0, 1, 3), done.stderr
        return _judged(done)

    def fetch(name: str, advisories: Advisories) -> None:
        settings["GATE_ADVISORIES"] = str(_bucket(tmp_path / name, advisories))
        update = run("gate", "db", "update", f"docker:{image}", cwd=tmp_path, env=settings)
        assert update.returncode == 0, update.stderr

    status, blocking, errors = judge()
    assert (status, blocking) == (3, [])
    assert errors
    assert all("gate db update" in error for error in errors), errors
    fetch("elsewhere", ELSEWHERE)
    assert judge() == (0, [], [])
    fetch("here", HERE)
    assert judge() == (1, ["DEBIAN-CVE-2099-1"], [])


def _judged(done: subprocess.CompletedProcess[str]) -> Judged:
    """Return status, blocking rules and errors of a run. All else that is found has to be known not to matter."""
    report = json.loads(done.stdout)
    blocking = [finding["rule"] for finding in report["findings"] if finding["blocking"]]
    others = [one for one in report["findings"] if not one["blocking"]]
    remarks = {one["rule"] for one in others if one["rule"] != "GI027"}
    assert remarks <= {"GI018", "GI019", "GI061"}
    # In the packages that the gate depends on there are texts that look like secrets; each is known to be public.
    not_public = [one["message"] for one in others if one["rule"] == "GI027" and not _is_public(one)]
    assert not_public == []
    return done.returncode, blocking, [one["message"] for stage in report["stages"] for one in stage["errors"]]


def _is_public(finding: dict[str, Any]) -> bool:
    return any("published package" in said for said in finding["worth_evidence"])


def _bucket(folder: Path, advisories: Advisories) -> Path:
    """Write advisories as OSV publishes them, one an ecosystem."""
    for ecosystem, (full_name, package, fixed) in advisories.items():
        (folder / ecosystem).mkdir(parents=True)
        events = [{"introduced": "0"}, {"fixed": fixed}]
        affected = {"package": {"ecosystem": full_name, "name": package}}
        advisory = {
            "id": f"{ecosystem.upper()}-CVE-2099-1",
            "modified": "2026-01-02T00:00:00Z",
            "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
            "affected": [{**affected, "ranges": [{"type": "ECOSYSTEM", "events": events}]}],
        }
        with zipfile.ZipFile(folder / ecosystem / "all.zip", "w") as archive:
            archive.writestr(f"{advisory['id']}.json", json.dumps(advisory))
    return folder
