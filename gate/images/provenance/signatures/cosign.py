"""Reading what cosign attaches to an image: artifacts in its repository, under tags made from its digest.

cosign's SIGNATURE_SPEC.md, and the same as OCI referrers. A signature's payload is a blob, the signature itself an
annotation of it; an attestation is a DSSE envelope. Since version 3 both are envelopes in bundles (BUNDLE_SPEC.md).
"""

import base64
import binascii
from collections.abc import Iterator

import msgspec

from gate.images.registry.artifacts import document, manifest_at, read_artifact, referrers_of, tag_of
from gate.images.registry.client import ImageRepository
from gate.images.sources.oci_layout import Descriptor

MAX_PAYLOAD = 1 << 20
"""Bytes of what a signature is of."""
MAX_ENVELOPE = 64 << 20
"""Bytes of an attestation; some hold whole bills of materials."""
_SIMPLE_SIGNING = "application/vnd.dev.cosign.simplesigning.v1+json"
_ENVELOPES = frozenset({"application/vnd.dsse.envelope.v1+json", "application/vnd.in-toto+json"})
_SIGNATURE = "dev.cosignproject.cosign/signature"
_CERTIFICATE = "dev.sigstore.cosign/certificate"
_SIGNATURE_ARTIFACT = "application/vnd.dev.cosign.artifact.sig.v1+json"
_BUNDLES = frozenset({"application/vnd.dev.sigstore.bundle.v0.3+json"})


_UNSTATED = frozenset({None, "application/vnd.oci.empty.v1+json"})
"""What a list of referrers says of an artifact's type if it does not know it, as cosign's does (its issue 4422)."""


class SignedPayload(msgspec.Struct, frozen=True):
    """A signature in the form before bundles."""

    payload: bytes
    signature: bytes
    has_certificate: bool
    """True if an identity has made it, and not a key."""


def signed_payloads_of(repository: ImageRepository, digest: str) -> Iterator[SignedPayload]:
    """Yield each signature of a manifest that is in no bundle, trusted or not. Raises as `document` does."""
    for layer in _layers(repository, digest, ".sig", frozenset({_SIGNATURE_ARTIFACT})):
        if layer.media_type == _SIMPLE_SIGNING:
            said = layer.annotations or {}
            payload = document(repository, layer, MAX_PAYLOAD)
            yield SignedPayload(payload, _decoded(said.get(_SIGNATURE, "")), _CERTIFICATE in said)


class Attached(msgspec.Struct, frozen=True):
    """An attestation: its DSSE envelope, and the bundle that this was in."""

    envelope: bytes
    bundle: bytes | None = None


def attestations_of(repository: ImageRepository, digest: str) -> Iterator[Attached]:
    """Yield each attestation of a manifest, trusted or not. Raises as `document` does."""
    for layer in _layers(repository, digest, ".att", _ENVELOPES | _BUNDLES):
        if layer.media_type in _ENVELOPES:
            yield Attached(document(repository, layer, MAX_ENVELOPE))
        elif layer.media_type in _BUNDLES:
            bundle = document(repository, layer, MAX_ENVELOPE)
            yield Attached(_envelope_in(bundle), bundle)


def _layers(repository: ImageRepository, digest: str, ending: str, artifacts: frozenset[str]) -> Iterator[Descriptor]:
    attached = [one.digest for one in referrers_of(repository, digest) if one.artifact_type in artifacts | _UNSTATED]
    for reference in (tag_of(digest, ending), *attached):
        content = manifest_at(repository, reference)
        if content is not None:
            yield from read_artifact(repository, content).layers


class _Bundle(msgspec.Struct, frozen=True, rename="camel"):
    dsse_envelope: msgspec.Raw


def _envelope_in(bundle: bytes) -> bytes:
    """Return the envelope in a bundle; nothing, which no key has signed, if it holds something else."""
    try:
        return bytes(msgspec.json.decode(bundle, type=_Bundle).dsse_envelope)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return b""


def _decoded(text: str) -> bytes:
    """Return the bytes of a signature; none, which no key has made, for what is no base64."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
