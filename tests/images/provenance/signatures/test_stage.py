"""Signatures in the image stage: asked for by the settings, and blocking by the built-in policy."""

import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gate.app.project import open_project
from gate.cli.options import add_options, from_flags
from gate.declarations.image import ImageSettings, SignatureIdentity, SignatureSettings
from gate.images.access import Access
from gate.images.registry.addresses import own_repository
from gate.images.registry.names import image_name
from gate.images.registry.push import attach
from gate.images.sources.oci_layout import Descriptor
from gate.model import Image, StageResult
from gate.pipeline.context import LocalContext
from gate.policy.decide import Policy, decide
from gate.policy.layers import PolicySource, layers_of
from gate.settings import Stages
from gate.settings.policy import PolicySettings
from gate.stages import image as stage
from tests.images.conftest import Make, digest
from tests.images.provenance.signatures.cosign_format import BUNDLE, SIGNATURE, Signer, sign, statement
from tests.images.provenance.signatures.sigstore_world import ISSUER, WORKFLOW, World
from tests.images.registry_server import FakeRegistry, serving


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeRegistry:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    registry, make = FakeRegistry(), Make()
    registry.hold(make.oci_files([make.base()]))
    return registry


@pytest.fixture
def host(fake: FakeRegistry) -> Iterator[str]:
    with serving(fake) as address:
        yield address


@pytest.fixture
def judge(host: str, make_context: Callable[..., LocalContext]) -> Callable[..., StageResult]:
    def run(**signatures: Any) -> StageResult:
        target = Image(source="registry", reference=f"{host}/shop/api:1", name="api")
        stages = Stages(image=ImageSettings(signatures=SignatureSettings(**signatures)))
        return stage.run(target, make_context(stages=stages))

    return run


def test_an_image_that_has_to_be_signed_blocks_until_it_is(
    fake: FakeRegistry, host: str, judge: Callable[..., StageResult], tmp_path: Path
) -> None:
    signer = Signer(tmp_path, "release")
    wanted = {"keys": (signer.public,), "required": True}
    verdict = decide(
        [judge(**wanted)], Policy(layers=layers_of(PolicySource("gate.yaml", PolicySettings()))), datetime.now(UTC)
    ).verdict
    assert "image-integrity" in [reason.rule for reason in verdict.reasons]
    manifest = digest(fake.manifests["1"][1])
    sign(own_repository(image_name(f"{host}/shop/api:1"), Access()), manifest, *signer.signature(manifest))
    result = judge(**wanted)
    assert "GI070" not in {one.rule for one in result.findings}
    assert result.facts["signed_by"] == ["release.pub"]


def test_without_settings_the_registry_is_not_asked(fake: FakeRegistry, judge: Callable[..., StageResult]) -> None:
    assert "signed_by" not in judge().facts
    assert not any("referrers" in path or ".sig" in path for path in fake.asked)


def test_a_question_that_cannot_be_asked_is_an_error(judge: Callable[..., StageResult]) -> None:
    errors = judge(required=True).errors
    assert any(error.title == "signatures are asked for, and no key or identity is named" for error in errors)


def test_an_image_that_an_identity_has_to_sign_blocks_until_it_does(
    fake: FakeRegistry, host: str, judge: Callable[..., StageResult], tmp_path: Path
) -> None:
    world = World()
    wanted = {
        "identities": (SignatureIdentity(identity=WORKFLOW, issuer=ISSUER),),
        "trust_root": world.trust_root(tmp_path / "root.json"),
        "required": True,
    }
    repository = own_repository(image_name(f"{host}/shop/api:1"), Access())
    media_type, content = fake.manifests["1"]
    subject = Descriptor(media_type=media_type, digest=digest(content), size=len(content))
    signed = statement(subject.digest, SIGNATURE, {})
    attach(repository, subject, json.dumps(World().bundle(signed)).encode(), BUNDLE, {})
    (finding,) = [one for one in judge(**wanted).findings if one.rule == "GI070"]
    assert "candidates exhausted: signature does not match" in finding.message
    attach(repository, subject, json.dumps(world.bundle(signed)).encode(), BUNDLE, {})
    result = judge(**wanted)
    assert "GI070" not in {one.rule for one in result.findings}
    assert result.facts["signed_by"] == [WORKFLOW]


def test_keys_and_the_trust_root_lie_beside_the_settings(make_tree: Callable[..., Any]) -> None:
    written = "stages: {image: {signatures: {keys: [keys/release.pub], trust_root: keys/root.json}}}"
    root = make_tree({"gate.yaml": written}).root
    settings = open_project(root, flags={}).settings.stages.image.signatures
    assert settings.keys == (str(Path(root, "keys/release.pub")),)
    assert settings.trust_root == str(Path(root, "keys/root.json"))


def test_an_identity_can_be_given_as_a_flag(make_tree: Callable[..., Any]) -> None:
    parser = ArgumentParser()
    add_options(parser)
    given = parser.parse_args(["--image-signatures-identities", f"{WORKFLOW}={ISSUER}"])
    settings = open_project(make_tree({}).root, flags=from_flags(given)).settings.stages.image.signatures
    assert settings.identities == (SignatureIdentity(identity=WORKFLOW, issuer=ISSUER),)
