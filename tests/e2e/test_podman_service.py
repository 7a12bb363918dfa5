"""A real podman service: its images are read through the part of it that speaks Docker's protocol."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gate.core.errors import GateError
from gate.images.limits import Limits
from gate.images.reference import parse_image
from gate.images.scan import ImageOptions, Scan, scan_image

pytestmark = pytest.mark.e2e

IMAGE = "localhost/gate-test/base:1"
START_TIME_LIMIT = 30
"""Seconds."""


@pytest.fixture(scope="module")
def podman(require: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return the start of a podman command with a storage of its own."""
    if os.geteuid() != 0:
        pytest.skip("a storage of its own needs root here")
    folder = tmp_path_factory.mktemp("podman")
    return [require("podman"), "--root", f"{folder}/root", "--runroot", f"{folder}/run", "--storage-driver=vfs"]


@pytest.fixture(scope="module")
def archive(podman: list[str], base_image_tar: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Import the base image; return the archive that `podman save` makes of it."""
    path = tmp_path_factory.mktemp("saved") / "base.tar"
    for command in (
        ["import", "--quiet", str(base_image_tar), IMAGE],
        ["save", "--quiet", "--output", str(path), IMAGE],
    ):
        done = subprocess.run([*podman, *command], capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
    return path


@pytest.fixture(scope="module")
def service(podman: list[str], archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of a service that has the base image."""
    socket = tmp_path_factory.mktemp("socket") / "podman.sock"
    command = [*podman, "system", "service", "--time=0", f"unix://{socket}"]
    running = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + START_TIME_LIMIT
        while not socket.exists() and time.monotonic() < end:
            time.sleep(0.1)
        yield f"unix://{socket}"
    finally:
        running.terminate()
        running.wait(30)


def scan(text: str) -> Scan:
    target = parse_image(text, "/")
    assert target is not None
    return scan_image(target, ImageOptions(Limits(4 << 30, 1_000_000)))


def test_the_service_and_the_archive_tell_the_same(
    archive: Path, service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONTAINER_HOST", service)
    saved = scan(f"archive:{archive}")
    assert saved.errors == ()
    assert "glibc" in {package.name for package in saved.packages}
    for name in (IMAGE, "gate-test/base:1"):
        served = scan(f"podman:{name}")
        assert (served.packages, served.history, served.facts) == (saved.packages, saved.history, saved.facts)
        assert [one.fingerprint for one in served.findings] == [one.fingerprint for one in saved.findings]


def test_unknown_image(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONTAINER_HOST", service)
    with pytest.raises(GateError, match="podman has no such image"):
        scan("podman:gate-test/nowhere:1")
