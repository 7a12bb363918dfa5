"""Images in a real registry: pushed by skopeo, read without and with a password, the same as from a folder."""

import base64
import gc
import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gate.attestation.published import newest, publish
from gate.attestation.statement import state
from gate.core.dsse import seal
from gate.core.errors import GateError
from gate.images.access import Access
from gate.images.limits import Limits
from gate.images.provenance.signatures import TrustedSigners, Vouched, vouched_for
from gate.images.registry.addresses import own_repository
from gate.images.registry.names import image_name
from gate.images.scan import ImageOptions, Scan, scan_image
from gate.model import Image, Input
from gate.pipeline.inputs import image_digests
from tests.attestation.test_attestation import Keys, report
from tests.images.conftest import Make
from tests.images.provenance.signatures.cosign_format import BUILDER, PROVENANCE, Signer, attest, sign

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(autouse=True)
def _collect_sockets() -> Iterator[None]:
    """Docker's SDK forgets the socket of a connection that fails; let it be noticed here, where it is expected."""
    yield
    gc.collect()


@pytest.fixture
def layout(tmp_path: Path) -> Path:
    make = Make()
    layers = [make.base(), make.layer(make.file("usr/bin/tool", b"\x7fELF" + bytes(4000), mode=0o4755))]
    layer_type = "application/vnd.oci.image.layer.v1.tar+gzip"
    files = make.oci_files(layers, pack=make.gzip, layer_type=layer_type)
    return Path(make.folder_of(tmp_path / "layout", files))


def scan(source: str, reference: str) -> Scan:
    return scan_image(Image(source=source, reference=reference, name=reference), ImageOptions(Limits(1 << 30, 100_000)))


def push(run: Run, layout: Path, name: str, *options: str) -> None:
    command = ("skopeo", "copy", "--dest-tls-verify=false", *options, f"oci:{layout}", f"docker://{name}")
    done = run(*command, cwd=layout)
    assert done.returncode == 0, done.stderr


def test_an_image_in_a_registry_is_what_it_is_in_a_folder(run: Run, layout: Path, registry: str) -> None:
    name = f"{registry}/shop/api:1"
    push(run, layout, name)
    pulled, lying = scan("registry", name), scan("oci-dir", str(layout))
    assert pulled.packages == lying.packages
    assert {one.fingerprint for one in pulled.findings} >= {one.fingerprint for one in lying.findings}
    assert pulled.facts["manifest"] == lying.facts["manifest"]
    assert scan("named", name).packages == lying.packages, "no daemon has it, so the registry is asked"


def test_a_password_is_that_of_docker_login(
    run: Run,
    layout: Path,
    registry_with_password: tuple[str, str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    host, user, password = registry_with_password
    name = f"{host}/shop/api:1"
    push(run, layout, name, f"--dest-creds={user}:{password}")
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    with pytest.raises(Exception, match="not logged in"):
        scan("registry", name)
    auth = base64.b64encode(f"{user}:{password}".encode()).decode()
    (tmp_path / "config.json").write_text(json.dumps({"auths": {host: {"auth": auth}}}))
    assert scan("registry", name).packages


def test_an_attestation_is_attached_to_the_image_and_found_there(
    run: Run, layout: Path, registry: str, tmp_path: Path
) -> None:
    keys = Keys(tmp_path, "ci")
    image = Image(source="registry", reference=f"{registry}/shop/attested:1", name="attested")
    push(run, layout, image.reference)
    facts = scan("registry", image.reference).facts
    inputs = (Input(target="attested", digests=image_digests(facts)),)
    about = report(inputs=inputs)
    for _ in range(2):
        publish(seal(state(about, b"report"), keys.private), inputs, image, Access())
    assert newest(image, image_digests(facts), keys.public, Access()).predicate.verification_result == "PASSED"
    with pytest.raises(GateError, match="none of the 1 attestations"):
        newest(image, image_digests(facts), Keys(tmp_path, "other").public, Access())
    push(run, layout, f"{registry}/shop/attested:2")
    assert scan("registry", image.reference).facts["manifest"] == facts["manifest"], "the image is what it was"


def test_signatures_and_attestations_in_cosigns_format_are_found(
    run: Run, layout: Path, registry: str, tmp_path: Path
) -> None:
    signer, version = Signer(tmp_path, "release"), "https://slsa.dev/provenance/v1"
    image = Image(source="registry", reference=f"{registry}/shop/signed:1", name="signed")
    push(run, layout, image.reference)
    manifest = str(scan("registry", image.reference).facts["manifest"])
    trust = TrustedSigners(keys=(signer.public,))
    assert vouched_for(image, {manifest}, trust, Access()) == Vouched(is_in_registry=True)
    repository = own_repository(image_name(image.reference), Access())
    sign(repository, manifest, *signer.signature(manifest))
    sign(repository, manifest, *Signer(tmp_path, "stranger").signature(manifest))
    attest(repository, manifest, signer.attestation(manifest, version, PROVENANCE[version]))
    assert vouched_for(image, {manifest}, trust, Access()) == Vouched(
        is_in_registry=True, signed_by=("release.pub",), builders=(BUILDER,), predicates=(version,), foreign=1
    )
