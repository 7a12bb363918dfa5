"""Signs and attests images as cosign documents it: SIGNATURE_SPEC.md, simple signing payloads, DSSE envelopes."""

import base64
import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from gate.images.registry.artifacts import MANIFEST, manifest_at, tag_of
from gate.images.registry.client import ImageRepository
from gate.images.registry.push import put_manifest, upload
from tests.images.conftest import Make

SIMPLE_SIGNING = "application/vnd.dev.cosign.simplesigning.v1+json"
DSSE = "application/vnd.dsse.envelope.v1+json"
IN_TOTO = "application/vnd.in-toto+json"
BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json"
SIGNATURE = "https://sigstore.dev/cosign/sign/v1"
BUILDER = "https://ci.example.com/builder"
PROVENANCE = {
    "https://slsa.dev/provenance/v0.2": {"builder": {"id": BUILDER}, "buildType": "https://ci.example.com/make"},
    "https://slsa.dev/provenance/v1": {"buildDefinition": {}, "runDetails": {"builder": {"id": BUILDER}}},
}


class Signer:
    """A key pair that signs as cosign does."""

    def __init__(self, folder: Path, name: str, kind: str = "ecdsa") -> None:
        self._key: Ed25519PrivateKey | EllipticCurvePrivateKey = (
            Ed25519PrivateKey.generate() if kind == "ed25519" else generate_private_key(SECP256R1())
        )
        self.public = str(folder / f"{name}.pub")
        pem = self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        Path(self.public).write_bytes(pem)

    def sign(self, message: bytes) -> str:
        key = self._key
        made = key.sign(message) if isinstance(key, Ed25519PrivateKey) else key.sign(message, ECDSA(SHA256()))
        return base64.b64encode(made).decode()

    def signature(self, digest: str) -> tuple[bytes, dict[str, str]]:
        """Return the payload for an image, and the annotation with its signature."""
        payload = json.dumps(
            {
                "critical": {
                    "identity": {"docker-reference": "registry.example.com/shop/api"},
                    "image": {"docker-manifest-digest": digest},
                    "type": "cosign container image signature",
                },
                "optional": None,
            }
        ).encode()
        return payload, {"dev.cosignproject.cosign/signature": self.sign(payload)}

    def attestation(self, digest: str, predicate_type: str, predicate: Any) -> bytes:
        """Return the envelope of a statement about an image."""
        return self.envelope(statement(digest, predicate_type, predicate))

    def envelope(self, payload: bytes, payload_type: str = IN_TOTO) -> bytes:
        message = b"DSSEv1 %d %s %d %s" % (len(payload_type), payload_type.encode(), len(payload), payload)
        sealed = {
            "payloadType": payload_type,
            "payload": base64.b64encode(payload).decode(),
            "signatures": [{"keyid": "", "sig": self.sign(message)}],
        }
        return json.dumps(sealed).encode()


def statement(digest: str, predicate_type: str, predicate: Any) -> bytes:
    """Return the statement about an image."""
    algorithm, _, value = digest.partition(":")
    whole = {
        "_type": "https://in-toto.io/Statement/v0.1",
        "predicateType": predicate_type,
        "subject": [{"name": "registry.example.com/shop/api", "digest": {algorithm: value}}],
        "predicate": predicate,
    }
    return json.dumps(whole).encode()


def bundle(envelope: bytes) -> bytes:
    """Return the bundle that cosign attaches since version 3 (BUNDLE_SPEC.md), with a key and without a log."""
    material = {"publicKey": {"hint": ""}}
    whole = {"mediaType": BUNDLE, "verificationMaterial": material, "dsseEnvelope": json.loads(envelope)}
    return json.dumps(whole).encode()


def sign(repository: ImageRepository, digest: str, payload: bytes, annotations: dict[str, str]) -> None:
    """Add a signature to those of an image, as `cosign sign` does."""
    _add(repository, tag_of(digest, ".sig"), payload, SIMPLE_SIGNING, annotations)


def attest(repository: ImageRepository, digest: str, envelope: bytes) -> None:
    """Add an attestation to those of an image, as `cosign attest` does."""
    _add(repository, tag_of(digest, ".att"), envelope, DSSE, {"dev.cosignproject.cosign/signature": ""})


def _add(repository: ImageRepository, tag: str, content: bytes, media_type: str, annotations: dict[str, str]) -> None:
    before = manifest_at(repository, tag)
    layers = json.loads(before)["layers"] if before else []
    config = json.dumps(
        {"architecture": "", "os": "", "config": {}, "rootfs": {"type": "layers", "diff_ids": []}}
    ).encode()
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": Make.descriptor(config, "application/vnd.oci.image.config.v1+json"),
        "layers": [*layers, Make.descriptor(content, media_type, annotations=annotations)],
    }
    upload(repository, config)
    upload(repository, content)
    put_manifest(repository, tag, json.dumps(manifest).encode(), MANIFEST)
