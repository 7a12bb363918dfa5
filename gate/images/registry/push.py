"""Writing to a registry: blobs, manifests, and artifacts that are attached to an image."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from gate.core.errors import GateError
from gate.images.digests import sha256
from gate.images.registry.artifacts import INDEX, MANIFEST, Artifact, referrers_of, tag_of
from gate.images.registry.client import ImageRepository, Request
from gate.images.sources.oci_layout import Descriptor

if TYPE_CHECKING:
    from requests import Response

_EMPTY = b"{}"
_EMPTY_TYPE = "application/vnd.oci.empty.v1+json"
_CREATED = (201, 202, 204)


def attach(
    repository: ImageRepository, subject: Descriptor, content: bytes, media_type: str, annotations: dict[str, str]
) -> str:
    """Attach a document to the manifest `subject`; return the digest of the manifest that does.

    Raises GateError if the registry does not let us, UnavailableError if it cannot be asked now.
    """
    upload(repository, _EMPTY)
    upload(repository, content)
    artifact = Artifact(
        schema_version=2,
        media_type=MANIFEST,
        artifact_type=media_type,
        config=_descriptor(_EMPTY, _EMPTY_TYPE),
        layers=[_descriptor(content, media_type)],
        subject=subject,
        annotations=annotations,
    )
    manifest = msgspec.json.encode(artifact)
    own = msgspec.structs.replace(_descriptor(manifest, MANIFEST), artifact_type=media_type, annotations=annotations)
    lists_itself = put_manifest(repository, own.digest, manifest, MANIFEST)
    if not lists_itself:
        _list_under_tag(repository, subject.digest, own)
    return own.digest


def upload(repository: ImageRepository, content: bytes) -> None:
    """Push a blob in one piece (OCI distribution specification, "POST then PUT"). Raises as `attach` does."""
    with repository.request(Request(name="blobs/uploads/", method="POST", good=_CREATED)) as response:
        place = _place(repository, response)
    query = f"{place.query}&" if place.query else ""
    asked = Request(
        name=place.path,
        method="PUT",
        query=f"{query}digest={sha256(content)}",
        headers={"Content-Type": "application/octet-stream"},
        body=content,
        good=_CREATED,
    )
    with repository.request(asked):
        pass


class _Place(msgspec.Struct, frozen=True):
    path: str
    """Below the repository."""
    query: str


def _place(repository: ImageRepository, response: "Response") -> _Place:
    """Return where the registry wants the bytes. Only its path counts: credentials go to no other host."""
    found = urlsplit(response.headers.get("Location", ""))
    before, marker, rest = found.path.partition(f"/v2/{repository.name.repository}/")
    if before or not marker or ".." in rest.split("/"):
        raise GateError("the registry wants uploads at another place than the repository", path=repository.shown)
    return _Place(rest, found.query)


def put_manifest(repository: ImageRepository, reference: str, content: bytes, media_type: str) -> bool:
    """Push a manifest; return whether the registry says that it lists it with its subject. Raises as `attach` does."""
    asked = Request(
        name=f"manifests/{reference}",
        method="PUT",
        headers={"Content-Type": media_type},
        body=content,
        good=_CREATED,
    )
    with repository.request(asked) as response:
        return "OCI-Subject" in response.headers


class _Referrers(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    schema_version: int
    media_type: str
    manifests: list[Descriptor]


def _list_under_tag(repository: ImageRepository, subject: str, own: Descriptor) -> None:
    """Add a manifest to the index under the image's referrers tag. Of two writers at once the last one wins."""
    others = [one for one in referrers_of(repository, subject) if one.digest != own.digest]
    index = _Referrers(schema_version=2, media_type=INDEX, manifests=[*others, own])
    put_manifest(repository, tag_of(subject), msgspec.json.encode(index), INDEX)


def _descriptor(content: bytes, media_type: str) -> Descriptor:
    return Descriptor(media_type=media_type, digest=sha256(content), size=len(content))
