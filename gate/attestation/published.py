"""Attestations in an image's registry, attached to the image as OCI referrers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from gate.attestation.check import is_about
from gate.attestation.statement import PREDICATE, InTotoStatement, read_statement
from gate.core.dsse import MAX_SIZE, PAYLOAD_TYPE, unseal
from gate.core.errors import GateError, LimitError, UnreadableError
from gate.images.access import Access
from gate.images.registry.addresses import own_repository
from gate.images.registry.artifacts import document, manifest_at, read_artifact, referrers_of
from gate.images.registry.client import ImageRepository
from gate.images.registry.names import image_name
from gate.images.registry.push import attach
from gate.images.registry.subjects import find_subject
from gate.images.sources.oci_layout import Descriptor
from gate.model import Image, Input

MAX_ATTESTATIONS = 100
"""Attestations of one image that are read at most."""
_ANNOTATION = "in-toto.io/predicate-type"
"""The annotation that BuildKit gives to the attestations that it attaches."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def publish(envelope: bytes, judged: Sequence[Input], image: Image, access: Access) -> str:
    """Attach an attestation to the image that was judged, and return the digest of the attached manifest.

    Raises GateError if the registry has another image under this name, or refuses the upload.
    """
    name = image_name(image.reference)
    repository = own_repository(name, access)
    subject = find_subject(repository, {f"sha256:{digest}" for one in judged for digest in one.digests.values()})
    if subject is None:
        raise GateError("is not the image that was judged", path=image.name, hint="Push that image first, unchanged")
    return attach(repository, subject.manifest, envelope.rstrip(b"\n"), PAYLOAD_TYPE, {_ANNOTATION: PREDICATE})


def newest(image: Image, digests: Mapping[str, str], key_file: str, access: Access) -> InTotoStatement:
    """Return the newest statement that is attached to an image, is about it and is signed with the key.

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


def _signed(repository: ImageRepository, attached: Iterable[Descriptor], key_file: str) -> Iterator[InTotoStatement]:
    for one in attached:
        content = manifest_at(repository, one.digest)
        layers = read_artifact(repository, content).layers if content else []
        for layer in layers[:1]:
            envelope = document(repository, layer, MAX_SIZE)
            try:
                yield read_statement(unseal(envelope, key_file, repository.shown), repository.shown)
            except UnreadableError:
                continue  # not ours: anyone with push access can attach anything


def _moment(statement: InTotoStatement) -> datetime:
    try:
        moment = datetime.fromisoformat(statement.predicate.time_verified)
    except ValueError:
        return _LONG_AGO
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
