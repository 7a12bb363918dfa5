"""Attestations in the registry of the image that they are about, attached to it as OCI referrers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from gate.attestation.check import is_about
from gate.attestation.dsse import MAX_SIZE, PAYLOAD_TYPE, unseal
from gate.attestation.statement import PREDICATE, Statement, read_statement
from gate.errors import GateError, LimitError, UnreadableError
from gate.images.access import Access
from gate.images.config import decode_json
from gate.images.digests import sha256
from gate.images.registry.addresses import own_repository
from gate.images.registry.artifacts import document, manifest_at, read_artifact, referrers_of
from gate.images.registry.client import Repository
from gate.images.registry.names import image_name
from gate.images.registry.push import attach
from gate.images.sources.oci_layout import Descriptor, Index, Manifest
from gate.model import Image, Input

MAX_ATTESTATIONS = 100
"""Attestations of one image that are looked through."""
_MAX_PLATFORMS = 50
_ANNOTATION = "in-toto.io/predicate-type"
"""As BuildKit marks the attestations that it attaches."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def publish(envelope: bytes, judged: Sequence[Input], image: Image, access: Access) -> str:
    """Attach an attestation to the image that was judged; return the digest of what is attached.

    Raises GateError if the registry has another image under this name, or does not let us.
    """
    name = image_name(image.reference)
    repository = own_repository(name, access)
    digests = {f"{kind}:{digest}" for one in judged for kind, digest in one.digests.items()}
    subject = next((one for one in _manifests(repository) if _is_judged(repository, one, digests)), None)
    if subject is None:
        raise GateError("is not the image that was judged", path=image.name, hint="Push that image first, unchanged")
    return attach(repository, subject, envelope.rstrip(b"\n"), PAYLOAD_TYPE, {_ANNOTATION: PREDICATE})


def _manifests(repository: Repository) -> Iterator[Descriptor]:
    """Yield the manifest that the image's name means, or those of the index that it means."""
    fetched = repository.manifest(repository.name.reference)
    own = Descriptor(media_type=fetched.media_type, digest=sha256(fetched.content), size=len(fetched.content))
    yield own
    if "index" in fetched.media_type or "list" in fetched.media_type:
        index = decode_json(fetched.content, Index, repository.shown)
        for one in index.manifests[:_MAX_PLATFORMS]:
            yield Descriptor(media_type=one.media_type, digest=one.digest, size=one.size)


def _is_judged(repository: Repository, manifest: Descriptor, digests: set[str]) -> bool:
    """True if a manifest, or the configuration that it names, has a digest that was judged."""
    if manifest.digest in digests:
        return True
    content = manifest_at(repository, manifest.digest) or b""
    try:
        config = msgspec.json.decode(content, type=Manifest).config.digest
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return False  # an index, or nothing that an image could be
    return f"imageId:{config.partition(':')[2]}" in digests


def newest(image: Image, digests: Mapping[str, str], key_file: str, access: Access) -> Statement:
    """Return the newest statement attached to an image that is about it and signed with the key.

    `digests` are the image's, as `Demand` has them; `sha256` is its manifest's. Raises GateError if there is none,
    ConfigError for a file without a key.
    """
    repository = own_repository(image_name(image.reference), access)
    attached = [
        one for one in referrers_of(repository, f"sha256:{digests['sha256']}") if one.artifact_type == PAYLOAD_TYPE
    ]
    if len(attached) > MAX_ATTESTATIONS:
        raise LimitError(f"has more than {MAX_ATTESTATIONS} attestations attached to it", path=image.name)
    found = [one for one in _signed(repository, attached, key_file) if is_about(one, digests)]
    if not found:
        there = (
            f"none of the {len(attached):,} attestations attached to it is about it and"
            if attached
            else "nothing is attached to it that is"
        )
        raise GateError(f"{there} signed with this key", path=image.name, hint="gate attest --push attaches one")
    return max(found, key=_moment)


def _signed(repository: Repository, attached: Iterable[Descriptor], key_file: str) -> Iterator[Statement]:
    for one in attached:
        content = manifest_at(repository, one.digest)
        layers = read_artifact(repository, content).layers if content else []
        for layer in layers[:1]:
            envelope = document(repository, layer, MAX_SIZE)
            try:
                yield read_statement(unseal(envelope, key_file, repository.shown), repository.shown)
            except UnreadableError:
                continue  # somebody else's: whoever may push can attach what they like


def _moment(statement: Statement) -> datetime:
    try:
        moment = datetime.fromisoformat(statement.predicate.time_verified)
    except ValueError:
        return _LONG_AGO
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
