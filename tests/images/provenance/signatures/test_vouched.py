"""Who vouches for an image: only trusted keys, only for this image, only what they have really signed."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gate.core import web
from gate.core.errors import ConfigError, GateError, UnreadableError
from gate.images.access import Access
from gate.images.provenance.base import PackageName
from gate.images.provenance.signatures import TrustedSigners, Vouched, vouched_for
from gate.images.provenance.signatures.identities import Identity
from gate.images.registry.addresses import own_repository
from gate.images.registry.artifacts import tag_of
from gate.images.registry.client import ImageRepository
from gate.images.registry.names import image_name
from gate.images.registry.push import attach
from gate.images.sources.oci_layout import Descriptor
from gate.model import Image
from tests.images.conftest import Make, digest
from tests.images.provenance.signatures.cosign_format import (
    BUILDER,
    BUNDLE,
    IN_TOTO,
    PROVENANCE,
    SIGNATURE,
    Signer,
    attest,
    bundle,
    sign,
    statement,
)
from tests.images.provenance.signatures.sigstore_world import ISSUER, WORKFLOW, World
from tests.images.registry_server import OCI_INDEX, OCI_MANIFEST, FakeRegistry, serving

OTHER = f"sha256:{'e' * 64}"
CYCLONEDX = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.5",
    "components": [{"type": "library", "name": "lodash", "version": "4.17.15", "purl": "pkg:npm/lodash@4.17.15"}],
}


@pytest.fixture(autouse=True)
def _no_credentials_and_no_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setattr(web.time, "sleep", lambda _: None)


@pytest.fixture
def fake() -> FakeRegistry:
    registry, make = FakeRegistry(), Make()
    registry.hold(make.oci_files([make.base()]))
    return registry


@pytest.fixture
def manifest(fake: FakeRegistry) -> str:
    return digest(fake.manifests["1"][1])


@pytest.fixture
def host(fake: FakeRegistry) -> Iterator[str]:
    with serving(fake) as address:
        yield address


@pytest.fixture
def repository(host: str) -> ImageRepository:
    return own_repository(image_name(f"{host}/shop/api:1"), Access())


@pytest.fixture(params=["ecdsa", "ed25519"])
def signer(request: pytest.FixtureRequest, tmp_path: Path) -> Signer:
    return Signer(tmp_path, "release", request.param)


Ask = Callable[..., Vouched]


@pytest.fixture
def vouched(host: str, manifest: str, signer: Signer) -> Ask:
    """Return a function that asks who vouches for the image."""

    def ask(source: str = "registry", digests: set[str] | None = None, **trust: Any) -> Vouched:
        target = Image(source=source, reference=f"{host}/shop/api:1", name="api")
        return vouched_for(
            target, digests or {manifest}, TrustedSigners(**{"keys": (signer.public,), **trust}), Access()
        )

    return ask


def test_a_signature_of_the_image_by_a_trusted_key_counts(
    vouched: Ask, repository: ImageRepository, manifest: str, signer: Signer
) -> None:
    assert vouched() == Vouched(is_in_registry=True)
    sign(repository, manifest, *signer.signature(manifest))
    assert vouched() == Vouched(is_in_registry=True, signed_by=("release.pub",))


def test_others_count_for_nothing(
    vouched: Ask, repository: ImageRepository, manifest: str, signer: Signer, tmp_path: Path
) -> None:
    payload, annotations = signer.signature(manifest)
    for pair in (
        Signer(tmp_path, "stranger").signature(manifest),
        signer.signature(OTHER),  # of another image, put beside this one
        (payload.replace(b'"optional"', b'"Optional"'), annotations),
        (payload, {"dev.cosignproject.cosign/signature": "no base64"}),
        (payload, {}),
        (b"no payload", {"dev.cosignproject.cosign/signature": signer.sign(b"no payload")}),
    ):
        sign(repository, manifest, *pair)
    assert vouched() == Vouched(is_in_registry=True, foreign=6)


def test_of_an_index_and_its_manifest_either_may_be_signed(
    fake: FakeRegistry, vouched: Ask, repository: ImageRepository, manifest: str, signer: Signer
) -> None:
    make = Make()
    index = make.index_files([make.descriptor(fake.manifests["1"][1], OCI_MANIFEST)])["index.json"]
    fake.manifests["1"] = (OCI_INDEX, index)
    assert vouched().signed_by == ()
    sign(repository, digest(index), *signer.signature(digest(index)))
    assert vouched().signed_by == ("release.pub",)


def test_a_tag_that_has_moved_vouches_for_nothing(
    vouched: Ask, repository: ImageRepository, manifest: str, signer: Signer
) -> None:
    sign(repository, manifest, *signer.signature(manifest))
    assert vouched(digests={OTHER}) == Vouched()


def test_an_image_of_the_daemon_is_known_by_its_id(
    vouched: Ask, repository: ImageRepository, manifest: str, signer: Signer
) -> None:
    make = Make()
    sign(repository, manifest, *signer.signature(manifest))
    assert vouched("named", {digest(make.config([make.base()]))}).signed_by == ("release.pub",)


def test_what_has_no_name_is_in_no_registry(vouched: Ask) -> None:
    assert vouched("archive") == vouched("oci-dir") == Vouched()


@pytest.mark.parametrize("version", PROVENANCE)
def test_provenance_names_its_builder(
    vouched: Ask, repository: ImageRepository, manifest: str, signer: Signer, version: str
) -> None:
    attest(repository, manifest, signer.attestation(manifest, version, PROVENANCE[version]))
    found = vouched()
    assert (found.builders, found.predicates, found.foreign) == ((BUILDER,), (version,), 0)


def test_an_attestation_may_be_a_referrer(
    fake: FakeRegistry, vouched: Ask, repository: ImageRepository, manifest: str, signer: Signer
) -> None:
    content = fake.manifests["1"][1]
    subject = Descriptor(media_type=OCI_MANIFEST, digest=manifest, size=len(content))
    version = "https://slsa.dev/provenance/v1"
    attach(repository, subject, signer.attestation(manifest, version, PROVENANCE[version]), IN_TOTO, {})
    assert vouched().builders == (BUILDER,)


def test_since_its_third_version_cosign_attaches_bundles(
    fake: FakeRegistry, vouched: Ask, repository: ImageRepository, manifest: str, signer: Signer, tmp_path: Path
) -> None:
    subject = Descriptor(media_type=OCI_MANIFEST, digest=manifest, size=len(fake.manifests["1"][1]))
    version = "https://slsa.dev/provenance/v1"
    attach(repository, subject, bundle(signer.attestation(manifest, version, PROVENANCE[version])), BUNDLE, {})
    assert vouched().signed_by == (), "an attestation is no signature"
    attach(repository, subject, bundle(signer.attestation(manifest, SIGNATURE, {})), BUNDLE, {})
    stranger = Signer(tmp_path, "stranger").attestation(manifest, SIGNATURE, {})
    for content in (bundle(stranger), bundle(signer.attestation(OTHER, SIGNATURE, {})), b"{}", b"no bundle"):
        attach(repository, subject, content, BUNDLE, {})
    assert vouched() == Vouched(
        is_in_registry=True, signed_by=("release.pub",), builders=(BUILDER,), predicates=(version,), foreign=4
    )


def test_the_older_form_of_what_an_identity_has_signed_is_refused_and_named(
    vouched: Ask, repository: ImageRepository, manifest: str, signer: Signer, tmp_path: Path
) -> None:
    payload, annotations = Signer(tmp_path, "ephemeral").signature(manifest)
    sign(repository, manifest, payload, {**annotations, "dev.sigstore.cosign/certificate": "-----BEGIN CERTIFICATE"})
    root = World().trust_root(tmp_path / "root.json")
    found = vouched(identities=(Identity("*", ISSUER),), trust_root=root)
    assert (found.signed_by, found.foreign) == ((), 1)
    assert found.refusals[0].startswith("signed by an identity in cosign's older form")
    assert vouched().refusals == (), "nobody has asked for identities"


@pytest.mark.parametrize("said", ["application/vnd.oci.empty.v1+json", None])
def test_a_list_of_referrers_need_not_know_what_they_are(
    fake: FakeRegistry, vouched: Ask, repository: ImageRepository, manifest: str, signer: Signer, said: str | None
) -> None:
    subject = Descriptor(media_type=OCI_MANIFEST, digest=manifest, size=len(fake.manifests["1"][1]))
    attach(repository, subject, bundle(signer.attestation(manifest, SIGNATURE, {})), BUNDLE, {})
    listed = json.loads(fake.manifests[tag_of(manifest)][1])
    listed["manifests"][0]["artifactType"] = said
    fake.manifests[tag_of(manifest)] = (OCI_INDEX, json.dumps(listed).encode())
    assert vouched().signed_by == ("release.pub",)


def test_provenance_that_an_identity_has_signed(
    fake: FakeRegistry, vouched: Ask, repository: ImageRepository, manifest: str, tmp_path: Path
) -> None:
    world, version = World(), "https://slsa.dev/provenance/v1"
    subject = Descriptor(media_type=OCI_MANIFEST, digest=manifest, size=len(fake.manifests["1"][1]))
    for made in (
        world.bundle(statement(manifest, version, PROVENANCE[version])),
        world.bundle(statement(OTHER, version, PROVENANCE[version])),
        world.bundle(statement(manifest, version, PROVENANCE[version]), kind="text/plain"),
        world.bundle(statement(manifest, version, PROVENANCE[version]), issuer="https://elsewhere.example.com"),
    ):
        attach(repository, subject, json.dumps(made).encode(), BUNDLE, {})
    trust = {"identities": (Identity(WORKFLOW, ISSUER),), "trust_root": world.trust_root(tmp_path / "root.json")}
    assert (
        vouched(keys=(), **trust)
        == vouched(**trust)
        == Vouched(
            is_in_registry=True,
            builders=(BUILDER,),
            predicates=(version,),
            foreign=3,
            refusals=(f"none of the identities, with its issuer, is {WORKFLOW}",),
        )
    )


def test_attestations_of_others_and_of_other_images_count_for_nothing(
    vouched: Ask, repository: ImageRepository, manifest: str, signer: Signer, tmp_path: Path
) -> None:
    version = "https://slsa.dev/provenance/v1"
    good = signer.attestation(manifest, version, PROVENANCE[version])
    envelope = json.loads(good)
    for content in (
        Signer(tmp_path, "stranger").attestation(manifest, version, PROVENANCE[version]),
        signer.attestation(OTHER, version, PROVENANCE[version]),
        json.dumps({**envelope, "payloadType": "application/other"}).encode(),
        json.dumps({**envelope, "signatures": []}).encode(),
        signer.envelope(b"signed, and no attestation", "text/plain"),
        b"no envelope",
    ):
        attest(repository, manifest, content)
    assert vouched() == Vouched(is_in_registry=True, foreign=6)


def test_an_attested_bill_of_materials_is_read(
    vouched: Ask, repository: ImageRepository, manifest: str, signer: Signer
) -> None:
    attest(repository, manifest, signer.attestation(manifest, "https://cyclonedx.org/bom", CYCLONEDX))
    assert vouched().sboms == ((PackageName("npm", "lodash", "4.17.15"),),)


@pytest.mark.parametrize(
    ("predicate_type", "predicate", "why"),
    [
        ("https://cyclonedx.org/bom", {"bomFormat": "CycloneDX"}, "has an attested SBOM that cannot be parsed"),
        ("https://spdx.dev/Document", "text", "has an attested SBOM that"),
        ("https://slsa.dev/provenance/v1", {"builder": {"id": "x"}}, "cannot be parsed"),
        ("https://slsa.dev/provenance/v0.2", None, "cannot be parsed"),
    ],
)
def test_what_a_trusted_key_has_signed_has_to_be_readable(
    vouched: Ask,
    repository: ImageRepository,
    manifest: str,
    signer: Signer,
    predicate_type: str,
    predicate: Any,
    why: str,
) -> None:
    attest(repository, manifest, signer.attestation(manifest, predicate_type, predicate))
    with pytest.raises(UnreadableError, match=why):
        vouched()


def test_a_document_with_another_digest_is_an_error(
    fake: FakeRegistry, vouched: Ask, repository: ImageRepository, manifest: str, signer: Signer
) -> None:
    payload, annotations = signer.signature(manifest)
    sign(repository, manifest, payload, annotations)
    fake.blobs[digest(payload)] = payload.replace(b"shop", b"evil")
    with pytest.raises(UnreadableError, match="does not have its digest"):
        vouched()


def test_without_a_key_nobody_can_be_asked(vouched: Ask, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no key or identity is named"):
        vouched(keys=(), required=True)
    (tmp_path / "none.pub").write_text("no key")
    with pytest.raises(ConfigError, match=r"none\.pub: is no public"):
        vouched(keys=(str(tmp_path / "none.pub"),))


def test_a_registry_that_refuses_is_an_error(fake: FakeRegistry, vouched: Ask) -> None:
    fake.login = "basic"
    with pytest.raises(GateError, match="not logged in"):
        vouched()
