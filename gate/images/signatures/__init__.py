"""Who vouches for an image: signatures and attestations that cosign and its kin attach to it in its registry."""

from collections.abc import Collection, Iterator, Sequence

import msgspec

from gate.errors import ConfigError
from gate.images.access import Access
from gate.images.origin import PackageName
from gate.images.registry.addresses import own_repository
from gate.images.registry.client import Repository
from gate.images.registry.names import image_name
from gate.images.registry.subjects import find_subject
from gate.images.signatures.cosign import envelopes_of, signed_payloads_of
from gate.images.signatures.keys import Key, load_keys
from gate.images.signatures.payload import digest_in
from gate.images.signatures.sboms import packages_in
from gate.images.signatures.statements import Signed, builder_in, signed_in
from gate.model import Image

NAMED_IN_REGISTRY = frozenset({"registry", "named", "docker", "podman"})
"""Sources whose reference is a name that the image may have in a registry."""
_SIGNATURE = "https://sigstore.dev/cosign/sign/v1"
"""The statement that says no more than that the image is signed (cosign since version 3)."""


class Trust(msgspec.Struct, frozen=True, kw_only=True):
    """Whom the settings trust: see `stages.image.signatures`."""

    keys: tuple[str, ...] = ()
    """Files with public keys (PEM)."""
    builders: tuple[str, ...] = ()
    """Patterns of the ids of builders, `*` as wildcard."""
    required: bool = False

    @property
    def asks_for_something(self) -> bool:
        return bool(self.keys or self.builders or self.required)


class Vouched(msgspec.Struct, frozen=True, kw_only=True):
    """What trusted keys say of an image. All of it is empty for one that its registry does not have."""

    is_in_registry: bool = False
    signed_by: tuple[str, ...] = ()
    """Names of the keys that have signed it."""
    builders: tuple[str, ...] = ()
    """Ids of the builders that attested provenance names."""
    predicates: tuple[str, ...] = ()
    """Types of all attestations."""
    foreign: int = 0
    """Signatures and attestations that no trusted key has made, or that are of another image."""
    sboms: tuple[tuple[PackageName, ...], ...] = ()
    """Packages that each attested bill of materials lists."""


def vouched_for(target: Image, digests: Collection[str], trust: Trust, access: Access) -> Vouched:
    """Return what trusted keys say of the image whose manifest or configuration has one of `digests`.

    Raises ConfigError if there is no key to ask with, GateError if the registry cannot be asked or what a trusted key
    has signed cannot be read.
    """
    if not trust.keys:
        raise ConfigError("signatures are asked for, and no key is named", path="stages.image.signatures.keys")
    keys = load_keys(trust.keys)
    if target.source not in NAMED_IN_REGISTRY or target.reference.startswith("sha256:"):
        return Vouched()
    repository = own_repository(image_name(target.reference), access)
    subject = find_subject(repository, digests)
    return _vouched(repository, subject.digests, keys) if subject else Vouched()


def _vouched(repository: Repository, digests: Sequence[str], keys: Sequence[Key]) -> Vouched:
    signers = list(_signers(repository, digests, keys))
    found = list(_statements(repository, digests, keys))
    signed = [one for one in found if one is not None]
    said = [one.statement for one in signed if one.statement.predicate_type != _SIGNATURE]
    signers += [one.key for one in signed if one.statement.predicate_type == _SIGNATURE]
    return Vouched(
        is_in_registry=True,
        signed_by=tuple(sorted({name for name in signers if name})),
        builders=tuple(sorted({builder for one in said if (builder := builder_in(one, repository.shown))})),
        predicates=tuple(sorted({one.predicate_type for one in said})),
        foreign=signers.count(None) + found.count(None),
        sboms=tuple(bill for one in said if (bill := packages_in(one, repository.shown)) is not None),
    )


def _signers(repository: Repository, digests: Sequence[str], keys: Sequence[Key]) -> Iterator[str | None]:
    """Yield for each signature the key that made it, None if it is no trusted one's or of another image."""
    for digest in digests:
        for payload, signature in signed_payloads_of(repository, digest):
            signer = next((key.name for key in keys if key.has_signed(payload, signature)), None)
            yield signer if signer and digest_in(payload) == digest else None


def _statements(repository: Repository, digests: Sequence[str], keys: Sequence[Key]) -> Iterator[Signed | None]:
    """Yield for each envelope what it says, None if no trusted key says it or it is about another image."""
    for digest in digests:
        for envelope in envelopes_of(repository, digest):
            signed = signed_in(envelope, keys, repository.shown)
            yield signed if signed and signed.statement.is_about(digest) else None
