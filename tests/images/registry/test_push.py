"""Documents attached to an image, with a registry that lists referrers and with one that does not."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gate.core import web
from gate.core.errors import GateError, LimitError, UnavailableError, UnreadableError
from gate.images.access import Access
from gate.images.registry import artifacts
from gate.images.registry.addresses import own_repository
from gate.images.registry.artifacts import document, manifest_at, read_artifact, referrers_of, tag_of
from gate.images.registry.client import ImageRepository
from gate.images.registry.names import image_name
from gate.images.registry.push import attach
from gate.images.sources.oci_layout import Descriptor
from tests.images.conftest import digest
from tests.images.registry_server import OCI_INDEX, OCI_MANIFEST, FakeRegistry, serving

TYPE = "application/vnd.in-toto+json"
PREDICATE = {"in-toto.io/predicate-type": "https://example.com/predicate"}


@pytest.fixture(autouse=True)
def _no_credentials_and_no_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setattr(web.time, "sleep", lambda _: None)


@pytest.fixture(params=["referrers are listed", "a tag lists them"])
def fake(make: Any, request: pytest.FixtureRequest) -> FakeRegistry:
    registry = FakeRegistry()
    registry.lists_referrers = request.param == "referrers are listed"
    registry.hold(make.oci_files([make.base()]))
    return registry


@pytest.fixture
def repository(fake: FakeRegistry) -> Iterator[ImageRepository]:
    with serving(fake) as host:
        yield own_repository(image_name(f"{host}/shop/api:1"), Access())


@pytest.fixture
def subject(fake: FakeRegistry) -> Descriptor:
    manifest = fake.manifests["1"][1]
    return Descriptor(media_type=OCI_MANIFEST, digest=digest(manifest), size=len(manifest))


def documents(repository: ImageRepository, subject: Descriptor) -> set[bytes]:
    found = set()
    for one in referrers_of(repository, subject.digest):
        artifact = read_artifact(repository, manifest_at(repository, one.digest) or b"")
        assert artifact.subject == subject
        assert (one.artifact_type, artifact.artifact_type) == (TYPE, TYPE)
        found |= {document(repository, layer, 1000) for layer in artifact.layers}
    return found


def test_what_is_attached_is_found(repository: ImageRepository, subject: Descriptor) -> None:
    assert documents(repository, subject) == set()
    for content in (b"one", b"two", b"one"):
        attach(repository, subject, content, TYPE, PREDICATE)
    assert documents(repository, subject) == {b"one", b"two"}


def test_the_tag_lists_each_document_once_with_what_it_is(
    fake: FakeRegistry, repository: ImageRepository, subject: Descriptor
) -> None:
    for _ in range(2):
        attach(repository, subject, b"one", TYPE, PREDICATE)
    tag = tag_of(subject.digest)
    assert (tag in fake.manifests) is not fake.lists_referrers
    if tag in fake.manifests:
        media_type, content = fake.manifests[tag]
        (listed,) = json.loads(content)["manifests"]
        assert (media_type, listed["artifactType"], listed["annotations"]) == (OCI_INDEX, TYPE, PREDICATE)


def test_who_may_not_push_is_told(fake: FakeRegistry, repository: ImageRepository, subject: Descriptor) -> None:
    fake.login = "basic"
    with pytest.raises(GateError, match="not logged in"):
        attach(repository, subject, b"one", TYPE, {})


@pytest.mark.parametrize(
    "place", ["https://elsewhere.example/upload", "/v2/other/blobs/uploads/1", "/v2/shop/api/../../x", ""]
)
def test_bytes_go_to_the_repository_alone(
    fake: FakeRegistry, repository: ImageRepository, subject: Descriptor, place: str
) -> None:
    fake.uploads_to = place
    with pytest.raises(GateError, match="wants uploads at another place"):
        attach(repository, subject, b"one", TYPE, {})


def test_of_an_address_with_a_host_only_the_path_counts(
    fake: FakeRegistry, repository: ImageRepository, subject: Descriptor
) -> None:
    fake.uploads_to = f"https://elsewhere.example{fake.uploads_to}"
    attach(repository, subject, b"one", TYPE, PREDICATE)
    assert documents(repository, subject) == {b"one"}


def test_a_document_without_its_digest_is_refused(
    fake: FakeRegistry, repository: ImageRepository, subject: Descriptor
) -> None:
    attach(repository, subject, b"one", TYPE, PREDICATE)
    fake.blobs[digest(b"one")] = b"two"
    with pytest.raises(UnreadableError, match="does not have its digest"):
        documents(repository, subject)


def test_a_manifest_without_its_digest_is_refused(
    fake: FakeRegistry, repository: ImageRepository, subject: Descriptor
) -> None:
    own = attach(repository, subject, b"one", TYPE, PREDICATE)
    media_type, content = fake.manifests[own]
    fake.manifests[own] = (media_type, content + b" ")
    with pytest.raises(UnreadableError, match="does not have its digest"):
        manifest_at(repository, own)


def test_bounds(repository: ImageRepository, subject: Descriptor, monkeypatch: pytest.MonkeyPatch) -> None:
    for content in (b"one", b"two"):
        attach(repository, subject, content, TYPE, PREDICATE)
    (first, _) = referrers_of(repository, subject.digest)
    artifact = read_artifact(repository, manifest_at(repository, first.digest) or b"")
    with pytest.raises(LimitError, match="more than 2 bytes"):
        document(repository, artifact.layers[0], 2)
    monkeypatch.setattr(artifacts, "MAX_REFERRERS", 1)
    with pytest.raises(LimitError, match="more than 1 manifests"):
        referrers_of(repository, subject.digest)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"schemaVersion": 2, "layers": []}'])
def test_what_is_no_artifact_is_refused(repository: ImageRepository, content: bytes) -> None:
    with pytest.raises(UnreadableError, match="cannot be parsed"):
        read_artifact(repository, content)


def test_offline_asks_nobody() -> None:
    with pytest.raises(GateError, match="offline forbids"):
        own_repository(image_name("registry.example.com/a"), Access(is_offline=True))


def test_a_registry_that_is_not_there(unreachable: Callable[[], ImageRepository]) -> None:
    with pytest.raises(UnavailableError, match="cannot be fetched"):
        referrers_of(unreachable(), f"sha256:{'0' * 64}")


@pytest.fixture
def unreachable() -> Callable[[], ImageRepository]:
    return lambda: own_repository(image_name("127.0.0.1:1/a"), Access())


def test_bounds_are_of_what_is_too_much_and_not_of_what_is_just_enough(
    repository: ImageRepository, subject: Descriptor, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = attach(repository, subject, b"one", TYPE, PREDICATE)
    content = manifest_at(repository, own) or b""
    monkeypatch.setattr(artifacts, "MAX_LAYERS", 1)
    artifact = read_artifact(repository, content)
    assert document(repository, artifact.layers[0], 3) == b"one"
    assert artifact.annotations == PREDICATE
    monkeypatch.setattr(artifacts, "MAX_LAYERS", 0)
    with pytest.raises(LimitError, match="more than 0 blobs"):
        read_artifact(repository, content)
