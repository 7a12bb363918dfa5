"""Attestations: in-toto statements (v0.1, v1) in DSSE envelopes, and the builder that SLSA provenance names."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

import msgspec

from gate.core.dsse import PAYLOAD_TYPE, signed_bytes
from gate.core.errors import UnreadableError
from gate.images.config import decode_json
from gate.images.provenance.signatures.keys import PublicKey

MAX_SIGNATURES = 20
"""Signatures of one envelope that are looked at."""
_STATEMENTS = frozenset({"https://in-toto.io/Statement/v0.1", "https://in-toto.io/Statement/v1"})

Shape = TypeVar("Shape")


class _Signature(msgspec.Struct, frozen=True):
    sig: str


class _Envelope(msgspec.Struct, frozen=True, rename="camel"):
    payload: str
    payload_type: str
    signatures: list[_Signature]


class _Subject(msgspec.Struct, frozen=True):
    digest: dict[str, str]


class SignedStatement(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What is said, and of which images."""

    type: str = msgspec.field(name="_type")
    subject: list[_Subject]
    predicate_type: str
    predicate: msgspec.Raw = msgspec.Raw(b"null")

    def is_about(self, digest: str) -> bool:
        """True if `digest` (`sha256:…`) is a subject's."""
        algorithm, _, value = digest.partition(":")
        return any(subject.digest.get(algorithm) == value for subject in self.subject)


class Authentic(msgspec.Struct, frozen=True):
    """What someone trusted has signed, byte for byte."""

    payload: bytes
    payload_type: str
    signer: str
    """The name of the key, or of the identity."""


class Refused(msgspec.Struct, frozen=True):
    """What counts for nothing, and why, where that is known."""

    why: str = ""


def authentic_in(envelope: bytes, keys: Sequence[PublicKey]) -> Authentic | Refused:
    """Return what an envelope holds if one of `keys` has signed it."""
    try:
        sealed = msgspec.json.decode(envelope, type=_Envelope)
        payload = base64.b64decode(sealed.payload, validate=True)
        signatures = [base64.b64decode(one.sig, validate=True) for one in sealed.signatures[:MAX_SIGNATURES]]
    except (msgspec.MsgspecError, binascii.Error, UnicodeError, ValueError, RecursionError):
        return Refused()  # not a valid envelope, so no signature of it is valid
    message = signed_bytes(payload, sealed.payload_type)
    signer = next((key.name for key in keys if _has_signed(key, message, signatures)), None)
    return Authentic(payload, sealed.payload_type, signer) if signer else Refused()


def _has_signed(key: PublicKey, message: bytes, signatures: Sequence[bytes]) -> bool:
    return any(key.has_signed(message, one) for one in signatures)


def statement_in(signed: Authentic, shown: str) -> SignedStatement | None:
    """Return the statement that was signed; None if it was something else.

    Raises UnreadableError that names `shown` for a statement that cannot be read.
    """
    if signed.payload_type != PAYLOAD_TYPE:
        return None
    statement = decode_json(signed.payload, SignedStatement, shown)
    if statement.type not in _STATEMENTS:
        raise UnreadableError(f"has an attestation of the unknown kind {statement.type[:80]!r}", path=shown)
    return statement


class _Builder(msgspec.Struct, frozen=True):
    id: str


class _Before1(msgspec.Struct, frozen=True):
    builder: _Builder


class _Run(msgspec.Struct, frozen=True):
    builder: _Builder


class _Since1(msgspec.Struct, frozen=True, rename="camel"):
    run_details: _Run


def builder_in(statement: SignedStatement, shown: str) -> str | None:
    """Return the id of the builder if the statement is SLSA provenance. Raises UnreadableError if that has none."""
    match statement.predicate_type:
        case "https://slsa.dev/provenance/v0.1" | "https://slsa.dev/provenance/v0.2":
            return decode_json(bytes(statement.predicate), _Before1, shown).builder.id
        case "https://slsa.dev/provenance/v1":
            return decode_json(bytes(statement.predicate), _Since1, shown).run_details.builder.id
        case _:
            return None
