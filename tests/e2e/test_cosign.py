"""cosign itself: what it attaches to an image is read, and of bundles of identities it says what the gate says."""

import hashlib
import json
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gate.images.access import Access
from gate.images.provenance.signatures import TrustedSigners, Vouched, vouched_for
from gate.images.provenance.signatures.identities import Identity, opener_of
from gate.images.provenance.signatures.statements import Authentic
from gate.images.registry.addresses import own_repository
from gate.images.registry.artifacts import MANIFEST
from gate.images.registry.names import image_name
from gate.images.registry.push import put_manifest, upload
from gate.model import Image
from tests.images.conftest import Make, digest
from tests.images.provenance.signatures.cosign_format import BUILDER, PROVENANCE, statement
from tests.images.provenance.signatures.sigstore_world import ISSUER, WORKFLOW, Log, World

Run = Callable[..., "subprocess.CompletedProcess[str]"]
VERSION = "https://slsa.dev/provenance/v1"
ARTIFACT = b"what the statement is about"


def push(name: str) -> str:
    """Push a small image; return the digest of its manifest."""
    repository, files = own_repository(image_name(name), Access()), Make().oci_files([Make().base()])
    (top,) = json.loads(files["index.json"])["manifests"]
    blobs = {digest(content): content for path, content in files.items() if path.startswith("blobs/")}
    manifest = blobs.pop(top["digest"])
    for content in blobs.values():
        upload(repository, content)
    put_manifest(repository, "1", manifest, MANIFEST)
    return str(top["digest"])


@pytest.fixture
def cosign(run: Run, tmp_path: Path) -> Callable[..., "subprocess.CompletedProcess[str]"]:
    return lambda *words: run("cosign", *words, cwd=tmp_path, env={"COSIGN_PASSWORD": "x", "DOCKER_CONFIG": "."})


@pytest.mark.parametrize("form", [(), ("--new-bundle-format",)], ids=["envelope", "bundle"])
def test_what_cosign_signs_and_attests_with_a_key(
    cosign: Run, registry: str, tmp_path: Path, form: tuple[str, ...]
) -> None:
    name = f"{registry}/shop/signed-{len(form)}:1"
    manifest = push(name)
    (tmp_path / "provenance.json").write_text(json.dumps(PROVENANCE[VERSION]))
    by_key = ("--yes", "--key", "cosign.key", "--tlog-upload=false", "--allow-insecure-registry")
    subject = f"{name.removesuffix(':1')}@{manifest}"
    attesting = ("attest", *by_key, *form, "--type", VERSION, "--predicate", "provenance.json", subject)
    for words in (("generate-key-pair",), ("sign", *by_key, subject), attesting):
        done = cosign(*words)
        assert done.returncode == 0, done.stderr
    image = Image(source="registry", reference=name, name="signed")
    trust = TrustedSigners(keys=(str(tmp_path / "cosign.pub"),))
    assert vouched_for(image, {manifest}, trust, Access()) == Vouched(
        is_in_registry=True, signed_by=("cosign.pub",), builders=(BUILDER,), predicates=(VERSION,)
    )


@pytest.mark.parametrize(
    ("changes", "is_good"),
    [
        ({}, True),
        ({"name": "mallory@example.com"}, False),
        ({"issuer": "https://elsewhere.example.com"}, False),
        ({"witness": Log()}, False),
        ({"logged": timedelta(hours=1)}, False),
    ],
    ids=["good", "other identity", "other issuer", "unknown witness", "too late"],
)
def test_cosign_and_the_gate_say_the_same_of_a_bundle(
    cosign: Run, tmp_path: Path, changes: dict[str, Any], *, is_good: bool
) -> None:
    world = World()
    root = world.trust_root(tmp_path / "root.json")
    about = statement(f"sha256:{hashlib.sha256(ARTIFACT).hexdigest()}", VERSION, PROVENANCE[VERSION])
    bundle = json.dumps(world.bundle(about, **changes))
    (tmp_path / "bundle.json").write_text(bundle)
    (tmp_path / "artifact").write_bytes(ARTIFACT)
    trusted = ("--trusted-root", root, "--certificate-identity", WORKFLOW, "--certificate-oidc-issuer", ISSUER)
    bundled = ("--new-bundle-format", "--bundle", "bundle.json", "--type", VERSION)
    done = cosign("verify-blob-attestation", *trusted, *bundled, "artifact")
    opened = opener_of([Identity(WORKFLOW, ISSUER)], root)(bundle.encode())
    assert (done.returncode == 0) is isinstance(opened, Authentic) is is_good, done.stderr
