"""Attestations in the image's registry: attached to what was judged, and found by whoever has the key."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gate.attestation.published import newest, publish
from gate.attestation.statement import state
from gate.core import web
from gate.core.dsse import PAYLOAD_TYPE, seal
from gate.core.errors import GateError
from gate.images.access import Access
from gate.images.registry.addresses import own_repository
from gate.images.registry.names import image_name
from gate.images.registry.push import attach
from gate.images.sources.oci_layout import Descriptor
from gate.model import Image, Input, Report, Verdict, VerdictStatus
from tests.attestation.test_attestation import NOW, Keys, report
from tests.images.conftest import Make, digest
from tests.images.registry_server import OCI_INDEX, OCI_MANIFEST, FakeRegistry, serving


@pytest.fixture(autouse=True)
def _no_credentials_and_no_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setattr(web.time, "sleep", lambda _: None)


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path, "own")


@pytest.fixture
def fake() -> FakeRegistry:
    registry = FakeRegistry()
    make = Make()
    registry.hold(make.oci_files([make.base()]))
    return registry


@pytest.fixture
def image(fake: FakeRegistry) -> Iterator[Image]:
    with serving(fake) as host:
        yield Image(source="registry", reference=f"{host}/shop/api:1", name="registry:api")


def digests(fake: FakeRegistry) -> dict[str, str]:
    make = Make()
    return {"sha256": digest(fake.manifests["1"][1])[7:], "imageId": digest(make.config([make.base()]))[7:]}


def judged(fake: FakeRegistry, **parts: Any) -> Report:
    return report(inputs=(Input(target="api", digests=digests(fake)),), **parts)


def test_what_was_published_is_found_with_the_key(fake: FakeRegistry, image: Image, keys: Keys) -> None:
    publish(seal(state(judged(fake), b"report"), keys.private), judged(fake).inputs, image, Access())
    statement = newest(image, digests(fake), keys.public, Access())
    assert statement.predicate.verification_result == "PASSED"


def test_the_newest_verdict_counts(fake: FakeRegistry, image: Image, keys: Keys) -> None:
    failed = judged(fake, finished=NOW + timedelta(days=1), verdict=Verdict(status=VerdictStatus.FAIL))
    for what in (judged(fake), failed, judged(fake, finished=NOW - timedelta(days=1))):
        publish(seal(state(what, b"report"), keys.private), what.inputs, image, Access())
    assert newest(image, digests(fake), keys.public, Access()).predicate.verification_result == "FAILED"


def test_an_image_that_was_judged_before_it_was_pushed_is_known_by_its_id(
    fake: FakeRegistry, image: Image, keys: Keys
) -> None:
    inputs = (Input(target="archive:api.tar", digests={"imageId": digests(fake)["imageId"]}),)
    publish(seal(state(report(inputs=inputs), b"report"), keys.private), inputs, image, Access())
    assert newest(image, digests(fake), keys.public, Access())


def test_of_several_platforms_the_judged_one_is_meant(fake: FakeRegistry, image: Image, keys: Keys) -> None:
    make = Make()
    own = digests(fake)
    fake.hold(make.oci_files([make.base()], architecture="arm64"), "arm")
    manifests = [make.descriptor(fake.manifests[name][1], OCI_MANIFEST) for name in ("arm", "1")]
    fake.manifests["1"] = (OCI_INDEX, make.index_files(manifests)["index.json"])
    about = report(inputs=(Input(target="api", digests=own),))
    publish(seal(state(about, b"report"), keys.private), about.inputs, image, Access())
    assert newest(image, own, keys.public, Access())


def test_another_image_than_the_judged_one_gets_nothing(fake: FakeRegistry, image: Image, keys: Keys) -> None:
    inputs = (Input(target="api", digests={"sha256": "e" * 64, "imageId": "f" * 64}),)
    with pytest.raises(GateError, match="is not the image that was judged"):
        publish(seal(state(report(inputs=inputs), b"report"), keys.private), inputs, image, Access())
    assert set(fake.manifests) == {"1", f"sha256:{digests(fake)['sha256']}"}


def test_what_others_attach_counts_for_nothing(fake: FakeRegistry, image: Image, keys: Keys, tmp_path: Path) -> None:
    with pytest.raises(GateError, match="nothing is attached to it that is signed with this key"):
        newest(image, digests(fake), keys.public, Access())
    publish(seal(state(judged(fake), b"report"), Keys(tmp_path, "b").private), judged(fake).inputs, image, Access())
    manifest = fake.manifests["1"][1]
    subject = Descriptor(media_type=OCI_MANIFEST, digest=digest(manifest), size=len(manifest))
    repository = own_repository(image_name(image.reference), Access())
    about_another = seal(state(report(), b"report"), keys.private)
    for content in (b"", b"no envelope", about_another):
        attach(repository, subject, content, PAYLOAD_TYPE, {})
    with pytest.raises(GateError, match="none of the 4 attestations attached to it is about it and signed with"):
        newest(image, digests(fake), keys.public, Access())
