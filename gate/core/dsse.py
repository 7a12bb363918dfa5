"""DSSE envelopes (secure-systems-lab/dsse, protocol 1.0) around in-toto statements, with one ed25519 signature.

An envelope that is read has to be, byte for byte, what `seal` writes. JSON and base64 would let white space, the order
of fields or the last base64 digit vary; here a byte that was changed anywhere is an error.
"""

import base64
import hashlib

import msgspec

from gate.core.errors import UnreadableError
from gate.core.signing import public_key, public_part, sign, verify

PAYLOAD_TYPE = "application/vnd.in-toto+json"
MAX_SIZE = 16 << 20
"""Bytes of an envelope at most."""


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """A signature in base64, and the SHA-256 of the public key that verifies it."""

    keyid: str
    sig: str


class Envelope(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A payload with its signatures, both in base64."""

    payload: str
    payload_type: str
    signatures: list[Signature]


def seal(payload: bytes, key_file: str) -> bytes:
    """Return the envelope, as JSON, of `payload` signed with the private key in `key_file`. Raises ConfigError."""
    return _encoded(payload, sign(signed_bytes(payload), key_file), public_part(key_file))


def unseal(content: bytes, key_file: str, shown: str) -> bytes:
    """Return the payload of an envelope that was sealed with the private part of the public key in `key_file`.

    Raises UnreadableError that names `shown` for no envelope, another key, or a changed byte.
    """
    if len(content) > MAX_SIZE:
        raise UnreadableError(f"has more than {MAX_SIZE:,} bytes", path=shown)
    try:
        envelope = msgspec.json.decode(content, type=Envelope)
        payload = base64.b64decode(envelope.payload)
        signature = base64.b64decode(envelope.signatures[0].sig)
    except (msgspec.MsgspecError, ValueError, RecursionError, IndexError) as error:
        raise UnreadableError("is no signed attestation of the gate", path=shown) from error
    verify(signed_bytes(payload), signature, key_file, shown)
    if content.rstrip(b"\n") != _encoded(payload, signature, public_key(key_file)):
        raise UnreadableError("was changed after it was signed", path=shown, hint="Make the attestation again")
    return payload


def signed_bytes(payload: bytes, payload_type: str = PAYLOAD_TYPE) -> bytes:
    """Return what is signed: the protocol's PAE(type, body), whose lengths keep type and body apart."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def _encoded(payload: bytes, signature: bytes, key: bytes) -> bytes:
    envelope = Envelope(
        payload=base64.b64encode(payload).decode(),
        payload_type=PAYLOAD_TYPE,
        signatures=[Signature(keyid=hashlib.sha256(key).hexdigest(), sig=base64.b64encode(signature).decode())],
    )
    return msgspec.json.encode(envelope)
