"""What is attached to an image in its registry: manifests that say which image they are about.

OCI distribution specification 1.1, "Listing Referrers": the registry lists them itself, or else they are listed in an
index under a tag made from the image's digest (the referrers tag schema).
"""

import msgspec

from gate.core.errors import LimitError, UnreadableError
from gate.images.config import decode_json
from gate.images.digests import sha256
from gate.images.limits import MAX_JSON
from gate.images.registry.client import MANIFESTS, ImageRepository, NoSuchImageError, Request
from gate.images.sources.oci_layout import Descriptor, ImageIndex

INDEX = MANIFESTS[0]
MANIFEST = MANIFESTS[2]
MAX_REFERRERS = 1000
"""Manifests that may be attached to one image."""
MAX_LAYERS = 100
"""Blobs of one artifact."""


class Artifact(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A manifest whose blobs are documents."""

    schema_version: int
    media_type: str | None = None
    artifact_type: str | None = None
    config: Descriptor
    layers: list[Descriptor]
    subject: Descriptor | None = None
    annotations: dict[str, str] | None = None


def referrers_of(repository: ImageRepository, digest: str) -> list[Descriptor]:
    """Return what is attached to the manifest with this digest. Raises as `Repository.manifest` does, LimitError."""
    try:
        content: bytes | None = repository.read(referrers_request(digest), MAX_JSON)
    except NoSuchImageError:  # this registry has no such list
        content = manifest_at(repository, tag_of(digest))
    if content is None:
        return []
    found = decode_json(content, ImageIndex, repository.shown).manifests
    if len(found) > MAX_REFERRERS:
        raise LimitError(f"has more than {MAX_REFERRERS:,} manifests attached to it", path=repository.shown)
    return found


def referrers_request(digest: str) -> Request:
    """Return what asks for the list of what is attached to a manifest."""
    return Request(name=f"referrers/{digest}", headers={"Accept": INDEX})


def tag_of(digest: str, ending: str = "") -> str:
    """Return the tag that stands for a digest: `sha256-…`, with cosign's ending `.sig` or `.att`."""
    return digest.replace(":", "-", 1) + ending


def manifest_at(repository: ImageRepository, reference: str) -> bytes | None:
    """Return the manifest under a tag or digest, None if there is none. Raises UnreadableError for a wrong digest."""
    try:
        fetched = repository.manifest(reference)
    except NoSuchImageError:
        return None
    if ":" in reference and sha256(fetched.content) != reference:
        raise UnreadableError("is damaged or was changed: it does not have its digest", path=repository.shown)
    return fetched.content


def read_artifact(repository: ImageRepository, content: bytes) -> Artifact:
    """Decode the manifest of an artifact. Raises UnreadableError if it is none, LimitError."""
    artifact = decode_json(content, Artifact, repository.shown)
    if len(artifact.layers) > MAX_LAYERS:
        raise LimitError(f"an artifact attached to it has more than {MAX_LAYERS} blobs", path=repository.shown)
    return artifact


def document(repository: ImageRepository, descriptor: Descriptor, limit: int) -> bytes:
    """Return the bytes of a blob. Raises UnreadableError if they do not have its digest, LimitError above `limit`."""
    if descriptor.size > limit:
        raise LimitError(f"a document attached to it has more than {limit:,} bytes", path=repository.shown)
    content = b"".join(repository.blob(descriptor.digest, descriptor.size))
    if sha256(content) != descriptor.digest:
        raise UnreadableError("a document attached to it does not have its digest", path=repository.shown)
    return content
