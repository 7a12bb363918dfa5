"""Which manifest of a registry is the image that was looked at: by its digest, or that of its configuration."""

import json

import pytest

from gate.images.digests import sha256
from gate.images.registry.client import FetchedManifest, ImageRepository, NoSuchImageError
from gate.images.registry.names import image_name
from gate.images.registry.subjects import RegistrySubject, find_subject
from gate.images.sources.oci_layout import Descriptor

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"


def manifest(config: str) -> bytes:
    return json.dumps(
        {"schemaVersion": 2, "config": {"mediaType": "x", "digest": config, "size": 1}, "layers": []}
    ).encode()


AMD64, ARM64 = manifest("sha256:amd64"), manifest("sha256:arm64")


def described(content: bytes, media_type: str) -> dict[str, object]:
    return {"mediaType": media_type, "digest": sha256(content), "size": len(content)}


LISTED = json.dumps({"schemaVersion": 2, "manifests": [described(one, MANIFEST) for one in (AMD64, ARM64)]}).encode()


class Held(ImageRepository):
    """A repository whose manifests are in memory."""

    def __init__(self, top: bytes | None, media_type: str, *others: bytes) -> None:
        super().__init__(image_name("registry.example.com/shop:1"), "https://registry.example.com", "shop")
        self._held = {sha256(one): (one, MANIFEST) for one in others}
        if top is not None:
            self._held["1"] = (top, media_type)

    def manifest(self, reference: str) -> FetchedManifest:
        if reference not in self._held:
            raise NoSuchImageError("the registry has no such image")
        content, media_type = self._held[reference]
        return FetchedManifest(content=content, media_type=media_type, digest=None)


def descriptor(content: bytes, media_type: str) -> Descriptor:
    return Descriptor(media_type=media_type, digest=sha256(content), size=len(content))


@pytest.mark.parametrize("digest", [sha256(AMD64), "sha256:amd64"], ids=["manifest", "configuration"])
def test_a_manifest_is_found_by_its_digest_or_its_configurations(digest: str) -> None:
    found = find_subject(Held(AMD64, MANIFEST), {digest})
    assert found == RegistrySubject(manifest=descriptor(AMD64, MANIFEST))
    assert found.digests == (sha256(AMD64),)


def test_another_image_under_the_name_is_none_and_so_is_no_image() -> None:
    assert find_subject(Held(AMD64, MANIFEST), {"sha256:arm64"}) is None
    assert find_subject(Held(None, MANIFEST), {"sha256:amd64"}) is None


@pytest.mark.parametrize("media_type", [INDEX, "application/vnd.docker.distribution.manifest.list.v2+json"])
@pytest.mark.parametrize("digest", [sha256(ARM64), "sha256:arm64"], ids=["manifest", "configuration"])
def test_in_an_index_it_is_the_one_of_its_platform(digest: str, media_type: str) -> None:
    found = find_subject(Held(LISTED, media_type, AMD64, ARM64), {digest})
    assert found == RegistrySubject(manifest=descriptor(ARM64, MANIFEST), index=descriptor(LISTED, media_type))
    assert found.digests == (sha256(ARM64), sha256(LISTED))


def test_an_index_that_lists_what_is_not_there_or_another_has_none() -> None:
    assert find_subject(Held(LISTED, INDEX), {"sha256:arm64"}) is None
    assert find_subject(Held(LISTED, INDEX, AMD64, ARM64), {"sha256:riscv64"}) is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"config": 1}', LISTED], ids=repr)
def test_what_is_no_manifest_is_no_image_by_its_configuration(content: bytes) -> None:
    assert find_subject(Held(content, MANIFEST), {"sha256:amd64"}) is None
    assert find_subject(Held(content, MANIFEST), {sha256(content)}) is not None
