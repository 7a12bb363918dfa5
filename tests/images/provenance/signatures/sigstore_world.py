"""A sigstore of its own, offline: certificate authority, certificate log, transparency log, and what they make.

RFC 6962 (signed certificate timestamps, Merkle trees), Fulcio's "oid-info", Rekor's `dsse` 0.0.1, and the shapes of
sigstore's protobuf-specs (Bundle v0.3, TrustedRoot v0.1) in JSON.
"""

import base64
import hashlib
import json
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.images.provenance.signatures.cosign_format import BUNDLE, IN_TOTO

ISSUER = "https://token.ci.example.com"
WORKFLOW = "https://ci.example.com/shop/api/.ci/release.yml@refs/tags/v1"
NOW = datetime.now(UTC).replace(microsecond=0)
_ISSUER_V2 = x509.ObjectIdentifier("1.3.6.1.4.1.57264.1.8")
_TIMESTAMPS = x509.ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2")
_LIFETIME = timedelta(minutes=10)
_CA_USAGE = {"key_cert_sign": True, "crl_sign": True}
_SIGNER_USAGE = {"digital_signature": True}
_NO_USAGE = dict.fromkeys(
    ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"),
    False,
) | {"digital_signature": False, "key_cert_sign": False, "crl_sign": False}


class Log:
    """A log's key: of certificates, or of signatures."""

    def __init__(self) -> None:
        self._key = generate_private_key(SECP256R1())
        self.public = _public(self._key)
        self.id = hashlib.sha256(self.public).digest()

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message, ECDSA(SHA256()))

    def instance(self, name: str) -> dict[str, Any]:
        """Return what a trust root says of it."""
        key = {"rawBytes": _base64(self.public), "keyDetails": "PKIX_ECDSA_P256_SHA_256", "validFor": _always()}
        address = f"https://{name}.example.com"
        return {"baseUrl": address, "hashAlgorithm": "SHA2_256", "publicKey": key, "logId": {"keyId": _base64(self.id)}}


class World:
    """An authority that certifies, and logs that witness. Each `World` knows nothing of the others."""

    def __init__(self) -> None:
        self.certificates, self.entries = Log(), Log()
        self._key = generate_private_key(SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "sigstore.example.com")])
        builder = _builder(name, name, self._key, NOW - timedelta(days=1), timedelta(days=30))
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        builder = builder.add_extension(x509.KeyUsage(**_NO_USAGE | _CA_USAGE), critical=True)
        builder = builder.add_extension(
            x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()), critical=False
        )
        self.root = builder.sign(self._key, SHA256())

    def trust_root(self, file: Path, **changes: Any) -> str:
        """Write the trust root to `file`, with `changes` in it."""
        authority = {
            "subject": {"organization": "sigstore.example.com", "commonName": "sigstore"},
            "uri": "https://ca.example.com",
            "certChain": {"certificates": [{"rawBytes": _base64(self.root.public_bytes(Encoding.DER))}]},
            "validFor": _always(),
        }
        whole = {
            "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
            "tlogs": [self.entries.instance("log")],
            "certificateAuthorities": [authority],
            "ctlogs": [self.certificates.instance("ct")],
            "timestampAuthorities": [],
        }
        file.write_text(json.dumps({**whole, **changes}))
        return str(file)

    def bundle(self, statement: bytes, **changes: Any) -> dict[str, Any]:
        """Return the bundle of a statement that an identity has signed, as `cosign attest` and CI systems attach it.

        Changes: `name` and `issuer` of the identity, `witness` (the log of certificates), `logged` (when the signature
        was entered), `promised` (what is entered: another body), `kind` (the payload type).
        """
        key = generate_private_key(SECP256R1())
        certificate = self._certificate(key, **changes)
        kind = changes.get("kind", IN_TOTO)
        message = b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(statement), statement)
        signature = key.sign(message, ECDSA(SHA256()))
        envelope = {"payload": _base64(statement), "payloadType": kind, "signatures": [{"sig": _base64(signature)}]}
        body = _entry(envelope, changes.get("entered", statement), certificate)
        entry = self._logged(body, int((NOW + changes.get("logged", timedelta(minutes=1))).timestamp()))
        material = {
            "certificate": {"rawBytes": _base64(certificate.public_bytes(Encoding.DER))},
            "tlogEntries": [entry],
        }
        return {"mediaType": BUNDLE, "verificationMaterial": material, "dsseEnvelope": envelope}

    def _certificate(
        self,
        key: EllipticCurvePrivateKey,
        *,
        name: str = WORKFLOW,
        issuer: str = ISSUER,
        witness: Log | None = None,
        **_: Any,
    ) -> x509.Certificate:
        """Return what the authority certifies, with the timestamp of the log of certificates."""
        who = x509.RFC822Name(name) if "://" not in name else x509.UniformResourceIdentifier(name)
        stated = b"\x0c" + _length(issuer.encode()) + issuer.encode()
        builder = _builder(x509.Name([]), self.root.subject, key, NOW, _LIFETIME)
        builder = builder.add_extension(x509.KeyUsage(**_NO_USAGE | _SIGNER_USAGE), critical=True)
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=False)
        above = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        builder = builder.add_extension(above, critical=False)
        builder = builder.add_extension(x509.SubjectAlternativeName([who]), critical=True)
        builder = builder.add_extension(x509.UnrecognizedExtension(_ISSUER_V2, stated), critical=False)
        unwitnessed = builder.sign(self._key, SHA256()).tbs_certificate_bytes
        timestamp = self._timestamp(unwitnessed, witness or self.certificates)
        return builder.add_extension(timestamp, critical=False).sign(self._key, SHA256())

    def _timestamp(self, unwitnessed: bytes, log: Log) -> x509.UnrecognizedExtension:
        """Return the list with one signed certificate timestamp (RFC 6962, 3.2 and 3.3)."""
        milliseconds = int(NOW.timestamp()) * 1000
        issuer = hashlib.sha256(_public(self._key)).digest()
        entry = issuer + len(unwitnessed).to_bytes(3) + unwitnessed
        signature = log.sign(struct.pack("!BBQH", 0, 0, milliseconds, 1) + entry + b"\0\0")
        one = struct.pack("!B32sQHBBH", 0, log.id, milliseconds, 0, 4, 3, len(signature)) + signature
        listed = struct.pack("!HH", len(one) + 2, len(one)) + one
        return x509.UnrecognizedExtension(_TIMESTAMPS, b"\x04" + _length(listed) + listed)

    def _logged(self, body: bytes, at: int) -> dict[str, Any]:
        """Return the entry as the second of a log of two, with promise, proof and checkpoint."""
        log, first = self.entries, hashlib.sha256(b"\0the first").digest()
        root = hashlib.sha256(b"\1" + first + hashlib.sha256(b"\0" + body).digest()).digest()
        note = f"log.example.com\n2\n{_base64(root)}\n"
        seal = _base64(log.id[:4] + log.sign(note.encode()))
        promise = {"body": _base64(body), "integratedTime": at, "logID": log.id.hex(), "logIndex": 1}
        canonical = json.dumps(promise, sort_keys=True, separators=(",", ":")).encode()
        return {
            "logIndex": "1",
            "logId": {"keyId": _base64(log.id)},
            "kindVersion": {"kind": "dsse", "version": "0.0.1"},
            "integratedTime": str(at),
            "inclusionPromise": {"signedEntryTimestamp": _base64(log.sign(canonical))},
            "inclusionProof": {
                "logIndex": "1",
                "rootHash": _base64(root),
                "treeSize": "2",
                "hashes": [_base64(first)],
                "checkpoint": {"envelope": f"{note}\n— log.example.com {seal}\n"},
            },
            "canonicalizedBody": _base64(body),
        }


def _entry(envelope: dict[str, Any], payload: bytes, certificate: x509.Certificate) -> bytes:
    """Return what the log keeps of an envelope."""
    verifier = _base64(certificate.public_bytes(Encoding.PEM))
    spec = {
        "envelopeHash": _hash(json.dumps(envelope).encode()),
        "payloadHash": _hash(payload),
        "signatures": [{"signature": envelope["signatures"][0]["sig"], "verifier": verifier}],
    }
    return json.dumps({"apiVersion": "0.0.1", "kind": "dsse", "spec": spec}).encode()


def _builder(
    subject: x509.Name, issuer: x509.Name, key: EllipticCurvePrivateKey, start: datetime, lifetime: timedelta
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    return builder.not_valid_before(start).not_valid_after(start + lifetime)


def _public(key: EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _always() -> dict[str, str]:
    return {"start": (NOW - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")}


def _hash(content: bytes) -> dict[str, str]:
    return {"algorithm": "sha256", "value": hashlib.sha256(content).hexdigest()}


def _length(content: bytes) -> bytes:
    """Return the length in DER, of at most 255 bytes."""
    return bytes([len(content)]) if len(content) < 128 else bytes([0x81, len(content)])


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
