"""`gate attest` and `gate verify`, from a run to the deployment."""

import json
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from gate.model import Tree
from tests.attestation.test_attestation import Keys
from tests.cli.conftest import Gate
from tests.images.conftest import Make
from tests.images.registry_server import FakeRegistry, serving


@pytest.fixture
def shop(make_tree: Callable[..., Tree]) -> str:
    """A committed folder that passes."""
    root = make_tree({"Dockerfile": "FROM scratch\n", "org.yaml": "rules: [{id: own, why: w, when: {cvss: 9}}]"}).root
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"]):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *words], cwd=root, check=True)
    return root


@pytest.fixture(autouse=True)
def in_shop(monkeypatch: pytest.MonkeyPatch, shop: str) -> None:
    monkeypatch.chdir(shop)
    monkeypatch.setenv("GATE_STAGE", "dockerfile")


def test_a_commit_that_passed_is_let_through_and_no_other(gate: Gate, shop: str, tmp_path: Path) -> None:
    keys, report, proof = Keys(tmp_path, "ci"), str(tmp_path / "report.json"), str(tmp_path / "proof.json")
    assert gate("run", "--policy", "org.yaml", "--report", f"json={report}").returncode == 0
    assert gate("attest", report, "--key", keys.private, "--output", proof).returncode == 0
    verify = ("verify", ".", "--attestation", proof, "--key", keys.public)
    done = gate(*verify, "--policy", "org.yaml", "--max-age", "1d")
    assert (done.returncode, ". passed on " in done.stdout) == (0, True), done.stdout + done.stderr
    Path(shop, "soft.yaml").write_text("enforce: false")
    assert "it was not judged by the policy" in gate(*verify, "--policy", "soft.yaml").stdout
    Path(shop, "Dockerfile").write_text("FROM debian\n")
    done = gate(*verify)
    assert (done.returncode, "has no commit that names its bytes" in done.stderr) == (3, True)
    subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qam", "two"], cwd=shop, check=True
    )
    done = gate(*verify)
    assert (done.returncode, "it is about something else" in done.stdout) == (1, True)


def test_an_image_is_verified_by_what_is_attached_to_it(gate: Gate, tmp_path: Path) -> None:
    make, keys, fake = Make(), Keys(tmp_path, "ci"), FakeRegistry()
    fake.hold(make.oci_files([make.base()], config={"User": "1000"}))
    report, org = str(tmp_path / "report.json"), str(tmp_path / "org.yaml")
    Path(org).write_text("rules: []")
    with serving(fake) as host:
        image = f"registry:{host}/shop/api:1"
        verify = ("verify", image, "--key", keys.public, "--policy", org)
        done = gate(*verify)
        assert (done.returncode, "nothing is attached to it" in done.stderr) == (3, True)
        run = ("run", image, "--stage", "image", "--policy", org, "--advisories", str(advisories(tmp_path)))
        done = gate(*run, "--report", f"json={report}")
        assert done.returncode == 0, done.stdout + done.stderr
        done = gate("attest", report, "--key", keys.private, "--push", image)
        assert (done.returncode, f"attached to {image}, says pass" in done.stderr) == (0, True), done.stderr
        assert not Path("gate.intoto.json").exists()
        done = gate(*verify)
        assert (done.returncode, f"{image} passed on" in done.stdout) == (0, True), done.stdout + done.stderr
        assert gate("attest", report, "--key", keys.private, "--push", "registry:").returncode == 2
        assert gate("attest", report, "--key", keys.private, "--push", "docker:api").returncode == 2


def advisories(folder: Path) -> Path:
    """A source of advisories that says nothing of bash."""
    place = folder / "advisories" / "Debian"
    place.mkdir(parents=True)
    with zipfile.ZipFile(place / "all.zip", "w") as bundle:
        affected = {"package": {"ecosystem": "Debian:12", "name": "other"}, "versions": ["1"]}
        advisory = {"id": "DSA-1", "modified": "2026-11-24T00:00:00Z", "affected": [affected]}
        bundle.writestr("DSA-1.json", json.dumps(advisory))
    return folder / "advisories"


def test_what_is_missing_is_said(gate: Gate, tmp_path: Path) -> None:
    keys = Keys(tmp_path, "ci")
    assert gate("verify", ".", "--key", keys.public).returncode == 3
    assert gate("verify", ".", "--key", keys.public, "--max-age", "1m").returncode == 2
    assert gate("attest", "none.json", "--key", keys.private).returncode == 3
