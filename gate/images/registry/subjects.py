"""Which manifest of a registry an image is, that was looked at elsewhere or under a tag that may have moved since."""

from collections.abc import Collection

import msgspec

from gate.images.config import decode_json
from gate.images.digests import sha256
from gate.images.registry.artifacts import manifest_at
from gate.images.registry.client import ImageRepository, NoSuchImageError
from gate.images.sources.oci_layout import Descriptor, ImageIndex, ImageManifest

_MAX_PLATFORMS = 50


class RegistrySubject(msgspec.Struct, frozen=True, kw_only=True):
    """An image in its registry: its manifest, and the index of platforms that lists it."""

    manifest: Descriptor
    index: Descriptor | None = None

    @property
    def digests(self) -> tuple[str, ...]:
        """What a signature of this image may be of."""
        return (self.manifest.digest, self.index.digest) if self.index else (self.manifest.digest,)


def find_subject(repository: ImageRepository, digests: Collection[str]) -> RegistrySubject | None:
    """Return the image whose manifest or configuration has one of `digests`, among those that its name means.

    None if the registry has another image under this name, or none. Raises as `Repository.manifest` does.
    """
    try:
        fetched = repository.manifest(repository.name.reference)
    except NoSuchImageError:
        return None
    top = Descriptor(media_type=fetched.media_type, digest=sha256(fetched.content), size=len(fetched.content))
    if not ("index" in fetched.media_type or "list" in fetched.media_type):
        return RegistrySubject(manifest=top) if _is_one_of(fetched.content, digests) else None
    for one in decode_json(fetched.content, ImageIndex, repository.shown).manifests[:_MAX_PLATFORMS]:
        if one.digest in digests or _is_one_of(manifest_at(repository, one.digest) or b"", digests):
            return RegistrySubject(
                manifest=Descriptor(media_type=one.media_type, digest=one.digest, size=one.size), index=top
            )
    return None


def _is_one_of(manifest: bytes, digests: Collection[str]) -> bool:
    if sha256(manifest) in digests:
        return True
    try:
        return msgspec.json.decode(manifest, type=ImageManifest).config.digest in digests
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return False  # an index in the index, or nothing that an image could be
