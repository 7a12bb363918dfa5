"""Advisories through a real OCI registry, which is Debian's docker-registry on this machine.

Goes through `gate/advisories/registries.py`.
"""

import json
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from gate.advisories.bundle import Bundle
from gate.advisories.holding import Holding
from gate.advisories.registries import pull, push
from gate.core.errors import GateError

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(shutil.which("docker-registry") is None, reason="docker-registry is not installed"),
]


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{free.getsockname()[1]}"
    settings = tmp_path / "registry.yml"
    settings.write_text(
        f"version: 0.1\nstorage: {{filesystem: {{rootdirectory: {tmp_path / 'storage'}}}}}\nhttp: {{addr: '{host}'}}\n"
    )
    command = ["docker-registry", "serve", str(settings)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(f"http://{host}/v2/")
        yield host
    finally:
        process.terminate()
        process.wait()


def _wait_for(address: str) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the registry does not start")


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    from datetime import UTC, datetime

    (tmp_path / "catalogue").write_text(json.dumps({"vulnerabilities": [{"cveID": "CVE-1"}]}))
    holding = Holding(
        name="known_exploited_vulnerabilities.json",
        path=tmp_path / "catalogue",
        checked=datetime(2026, 1, 1, tzinfo=UTC),
    )
    place = tmp_path / "bundle.zip"
    Bundle([holding], "the source").write_to(place)
    return place


def test_what_is_pushed_can_be_pulled(registry: str, bundle: Path, tmp_path: Path) -> None:
    address = f"oci://{registry}/security/advisories:today"
    push(bundle, address)
    (tmp_path / "pulled").mkdir()
    assert pull(address, tmp_path / "pulled").read_bytes() == bundle.read_bytes()


def test_what_is_not_there_or_no_database_is_said(registry: str, bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(GateError, match="the registry refuses"):
        pull(f"oci://{registry}/security/absent:today", tmp_path)
    from oras.client import OrasClient

    client = OrasClient(hostname=registry, insecure=True)
    client.push(target=f"{registry}/other:1", files=[f"{bundle}:text/plain"], disable_path_validation=True)
    with pytest.raises(GateError, match="is no database of advisories"):
        pull(f"oci://{registry}/other:1", tmp_path)


def test_a_changed_blob_is_refused(registry: str, bundle: Path, tmp_path: Path) -> None:
    address = f"oci://{registry}/security/advisories:today"
    push(bundle, address)
    content = bundle.read_bytes()
    blobs = [path for path in (tmp_path / "storage").rglob("data") if path.read_bytes() == content]
    assert blobs
    for blob in blobs:
        blob.write_bytes(content[:-1] + b"x")
    (tmp_path / "pulled").mkdir()
    with pytest.raises(GateError):
        pull(address, tmp_path / "pulled")
