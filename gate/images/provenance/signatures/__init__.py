"""Signatures and attestations that cosign and similar programs attach to an image in its registry."""

from collections.abc import Callable, Collection, Iterator, Sequence

import msgspec

from gate.core.errors import ConfigError
from gate.images.access import Access
from gate.images.provenance.base import PackageName
from gate.images.provenance.signatures.cosign import Attached, attestations_of, signed_payloads_of
from gate.images.provenance.signatures.identities import Identity, opener_of
from gate.images.provenance.signatures.keys import PublicKey, load_keys
from gate.images.provenance.signatures.payload import digest_in
from gate.images.provenance.signatures.sboms import packages_in
from gate.images.provenance.signatures.statements import (
    Authentic,
    Refused,
    SignedStatement,
    authentic_in,
    builder_in,
    statement_in,
)
from gate.images.registry.addresses import own_repository
from gate.images.registry.client import ImageRepository
from gate.images.registry.names import image_name
from gate.images.registry.subjects import find_subject
from gate.model import Image

NAMED_IN_REGISTRY = frozenset({"registry", "named", "docker", "podman"})
"""Sources whose reference is a name that the image may have in a registry."""
_SIGNATURE = "https://sigstore.dev/cosign/sign/v1"
"""The statement that says no more than that the image is signed (cosign since version 3)."""
_WITHOUT_PROOF = "signed by an identity in cosign's older form, which has no proof of inclusion: sign it with a bundle"


class TrustedSigners(msgspec.Struct, frozen=True, kw_only=True):
    """Whom the settings trust: see `stages.image.signatures`."""

    keys: tuple[str, ...] = ()
    """Files with public keys (PEM)."""
    identities: tuple[Identity, ...] = ()
    trust_root: str = ""
    """The file that says which authorities and logs certify identities (sigstore's TrustedRoot in JSON)."""
    builders: tuple[str, ...] = ()
    """Patterns of the ids of builders, `*` as wildcard."""
    required: bool = False

    @property
    def asks_for_something(self) -> bool:
        return bool(self.keys or self.identities or self.builders or self.required)


class Vouched(msgspec.Struct, frozen=True, kw_only=True):
    """What trusted signers say of an image. All of it is empty for one that its registry does not have."""

    is_in_registry: bool = False
    signed_by: tuple[str, ...] = ()
    """Names of the keys and identities that have signed it."""
    builders: tuple[str, ...] = ()
    """Ids of the builders that attested provenance names."""
    predicates: tuple[str, ...] = ()
    """Types of all attestations."""
    foreign: int = 0
    """Signatures and attestations that no trusted signer has made, or that are of another image."""
    refusals: tuple[str, ...] = ()
    """Why what identities have signed is among these."""
    sboms: tuple[tuple[PackageName, ...], ...] = ()
    """Packages that each attested bill of materials lists."""


def vouched_for(target: Image, digests: Collection[str], trust: TrustedSigners, access: Access) -> Vouched:
    """Return what trusted signers say about the image whose manifest or configuration has one of `digests`.

    Raises ConfigError if no signer is trusted, UsageError without the package for identities, GateError if the registry
    cannot be asked or a trusted signer's statement cannot be read.
    """
    if not (trust.keys or trust.identities):
        raise ConfigError("signatures are asked for, and no key or identity is named", path="stages.image.signatures")
    signers = _Signers(
        load_keys(trust.keys), opener_of(trust.identities, trust.trust_root) if trust.identities else None
    )
    if target.source not in NAMED_IN_REGISTRY or target.reference.startswith("sha256:"):
        return Vouched()
    repository = own_repository(image_name(target.reference), access)
    subject = find_subject(repository, digests)
    return _vouched(repository, subject.digests, signers) if subject else Vouched()


class _Signers(msgspec.Struct, frozen=True):
    """Whose signatures count."""

    keys: Sequence[PublicKey]
    open_bundle: Callable[[bytes], Authentic | Refused] | None
    """Of trusted identities, if there are some."""

    def authentic_in(self, attached: Attached) -> Authentic | Refused:
        """Return what was signed, if a trusted key or identity has signed it."""
        by_key = authentic_in(attached.envelope, self.keys)
        if isinstance(by_key, Authentic) or self.open_bundle is None or attached.bundle is None:
            return by_key
        return self.open_bundle(attached.bundle)


class _Said(msgspec.Struct, frozen=True):
    """A statement about the image, and the name of its signer."""

    statement: SignedStatement
    signer: str


def _vouched(repository: ImageRepository, digests: Sequence[str], signers: _Signers) -> Vouched:
    found = [*_payload_signers(repository, digests, signers), *_statements(repository, digests, signers)]
    refused = [one for one in found if isinstance(one, Refused)]
    said = [one for one in found if isinstance(one, _Said)]
    signed_by = {one for one in found if isinstance(one, str)}
    signed_by |= {one.signer for one in said if one.statement.predicate_type == _SIGNATURE}
    statements = [one.statement for one in said if one.statement.predicate_type != _SIGNATURE]
    return Vouched(
        is_in_registry=True,
        signed_by=tuple(sorted(signed_by)),
        builders=tuple(sorted({builder for one in statements if (builder := builder_in(one, repository.shown))})),
        predicates=tuple(sorted({one.predicate_type for one in statements})),
        foreign=len(refused),
        refusals=tuple(sorted({one.why for one in refused if one.why})),
        sboms=tuple(bill for one in statements if (bill := packages_in(one, repository.shown)) is not None),
    )


def _payload_signers(repository: ImageRepository, digests: Sequence[str], signers: _Signers) -> Iterator[str | Refused]:
    """Yield for each signature the key that made it, if that is a trusted one and it is of this image."""
    for digest in digests:
        for one in signed_payloads_of(repository, digest):
            signer = next((key.name for key in signers.keys if key.has_signed(one.payload, one.signature)), None)
            if signer and digest_in(one.payload) == digest:
                yield signer
            else:
                yield Refused(_WITHOUT_PROOF if one.has_certificate and signers.open_bundle else "")


def _statements(repository: ImageRepository, digests: Sequence[str], signers: _Signers) -> Iterator[_Said | Refused]:
    """Yield for each attestation what it says, if someone trusted says it and it is about this image."""
    for digest in digests:
        for attached in attestations_of(repository, digest):
            signed = signers.authentic_in(attached)
            if isinstance(signed, Refused):
                yield signed
                continue
            statement = statement_in(signed, repository.shown)
            yield _Said(statement, signed.signer) if statement and statement.is_about(digest) else Refused()
