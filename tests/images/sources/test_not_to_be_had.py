"""Images that cannot be had or judged: exit status 3, what is wrong, and what to do; 2 for a name that is none."""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gate.cli import main
from gate.core import web
from tests.images.conftest import OCI, Make
from tests.images.registry_server import FakeRegistry, serving


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Be in an empty folder, with no credentials, no daemon, and no patience."""
    for name in ("DOCKER_CONFIG", "HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    monkeypatch.setenv("CONTAINER_HOST", f"unix://{tmp_path}/none.sock")
    monkeypatch.delenv("REGISTRY_AUTH_FILE", raising=False)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr(web.time, "sleep", lambda _: None)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def fake(make: Make) -> FakeRegistry:
    registry = FakeRegistry()
    registry.hold(make.oci_files([make.base()], pack=make.gzip))
    return registry


@pytest.fixture
def host(fake: FakeRegistry) -> Iterator[str]:
    with serving(fake) as address:
        yield address


def test_no_daemon(capsys: pytest.CaptureFixture[str]) -> None:
    for target, hint in (("docker:app:1", "DOCKER_HOST"), ("podman:app:1", "CONTAINER_HOST")):
        said = refused(capsys, target)
        assert "does not answer" in said
        assert hint in said


def test_a_name_that_neither_the_daemon_nor_the_registry_has(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "the registry has no such image" in refused(capsys, f"{host}/shop/api:2")


def test_unknown_tag(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "the registry has no such image" in refused(capsys, f"registry:{host}/shop/api:2")


def test_wrong_platform(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = refused(capsys, f"registry:{host}/shop/api:1", "--image-platform", "linux/s390x")
    assert "is an image for linux/amd64, not for linux/s390x" in said


def test_unauthorised(fake: FakeRegistry, host: str, capsys: pytest.CaptureFixture[str]) -> None:
    fake.login = "bearer"
    said = refused(capsys, f"registry:{host}/shop/api:1")
    assert "not logged in" in said
    assert "docker login" in said


def test_rate_limited(fake: FakeRegistry, host: str, capsys: pytest.CaptureFixture[str]) -> None:
    fake.busy = 99
    said = refused(capsys, f"registry:{host}/shop/api:1")
    assert "status 429" in said
    assert "docker login" in said


def test_schema_1(fake: FakeRegistry, host: str, capsys: pytest.CaptureFixture[str]) -> None:
    fake.manifests["1"] = ("application/vnd.docker.distribution.manifest.v1+prettyjws", b"{}")
    said = refused(capsys, f"registry:{host}/shop/api:1")
    assert "schema 1" in said
    assert "Push it again" in said


def test_no_layers(make: Make, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make.archive(folder / "app.tar", make.docker_files([]))
    make.folder_of(folder / "layout", make.oci_files([]))
    for target in ("archive:app.tar", "oci-dir:layout"):
        assert "has no layers" in refused(capsys, target)


def test_attestations_alone(make: Make, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    statement = json.dumps({"config": {}, "layers": []}).encode()
    marks: dict[str, Any] = {"annotations": {"vnd.docker.reference.type": "attestation-manifest"}}
    only = make.descriptor(statement, OCI + "manifest.v1+json", **marks)
    make.folder_of(folder / "layout", make.index_files([only], statement))
    said = refused(capsys, "oci-dir:layout")
    assert "lists no image" in said
    assert "attestations" in said


def test_a_full_disk(make: Make, folder: Path) -> None:
    layer = make.layer(make.file("app", os.urandom(1 << 20)))
    make.archive(folder / "app.tar", make.docker_files([layer], pack=make.gzip))
    done = subprocess.run(
        [sys.executable, "-m", "gate", "run", "archive:app.tar", "--stage", "image", "--offline"],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 19, 1 << 19)),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 3
    assert "cannot be kept in the folder for temporary files" in " ".join(done.stdout.split())
    assert "TMPDIR" in done.stdout


@pytest.mark.parametrize("name", ["docker:Shop/API", "registry:shop/api:", "docker:", "registry:shop/api@sha256:12"])
def test_a_name_that_is_none(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", name, "--stage", "image"]) == 2
    assert name.partition(":")[2] in capsys.readouterr().err


def refused(capsys: pytest.CaptureFixture[str], target: str, *words: str) -> str:
    """Run the image stage on what cannot be had; return what is said of it."""
    assert main(["run", target, "--stage", "image", *words]) == 3
    return " ".join(capsys.readouterr().out.split())
