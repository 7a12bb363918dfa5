"""A registry: manifest, configuration and layers are fetched as they are asked for, each checked by its digest."""

import re
from collections.abc import Iterator
from contextlib import ExitStack

import msgspec

from gate.core.errors import GateError, UnavailableError, UnreadableError
from gate.images.access import Access
from gate.images.digests import sha256
from gate.images.image import FoundImage
from gate.images.layers.scratch import FetchedSpan, spool
from gate.images.layers.span import Span
from gate.images.limits import Budget
from gate.images.registry.addresses import addresses, repository_at
from gate.images.registry.client import MANIFESTS, FetchedManifest, ImageRepository, NoSuchImageError
from gate.images.registry.names import ImageName, image_name
from gate.images.sources.files import Expected
from gate.images.sources.oci_layout import LAYERS, OCI_INDEX, find_oci_image

_BLOB = re.compile(r"blobs/(?P<algorithm>[a-z0-9]+)/(?P<hex>[0-9a-f]+)")


def find(reference: str, budget: Budget, opened: ExitStack, access: Access) -> FoundImage:
    """Find the image in its registry, or a mirror of it: see `gate.images.sources.ImageSource.find`."""
    name = image_name(reference)
    if access.is_offline:
        raise GateError("offline forbids to fetch it", path=str(name), hint="Scan an archive, or leave out --offline")
    *mirrors, own = (repository_at(address, name) for address in addresses(name, access))
    reference = _digest_of_tag(own, name) if mirrors else name.reference
    for mirror in mirrors:
        files = _RegistryFiles(mirror, name, reference, budget, opened)
        try:
            return find_oci_image(files, access.platform)
        except (UnavailableError, GateError):
            if files.has_answered:
                raise  # what a mirror gives has to be sound; only one that has nothing to give is passed over
    return find_oci_image(_RegistryFiles(own, name, name.reference, budget, opened), access.platform)


def _digest_of_tag(own: ImageRepository, name: ImageName) -> str:
    """Return the digest that the registry itself has under the image's tag, for which a mirror's word does not count.

    Where the registry cannot be asked, or does not answer us, the mirror's word is all there is: the tag is returned.
    """
    if ":" in name.reference:
        return name.reference
    try:
        return own.digest_of(name.reference) or name.reference
    except NoSuchImageError:
        raise
    except GateError:
        return name.reference


class _RegistryFiles:
    """The image as the files of a layout; what is asked for is fetched, and found again when asked for twice."""

    def __init__(
        self, repository: ImageRepository, name: ImageName, reference: str, budget: Budget, opened: ExitStack
    ) -> None:
        """`reference` is what is asked for: the tag, or the digest that the name or the registry says."""
        self._repository = repository
        self._name = name
        self._reference = reference
        self._budget = budget
        self._opened = opened
        self._found: dict[str, Span] = {}
        self.has_answered = False
        """True once the registry has given a manifest."""

    def find(self, name: str, expected: Expected | None = None) -> Span | None:
        if name not in self._found:
            pieces = self._index() if name == OCI_INDEX else self._fetched(name, expected)
            if pieces is None:
                return None
            self._found[name] = self._span(pieces, name, expected)
        return self._found[name]

    def _span(self, pieces: Iterator[bytes], name: str, expected: Expected | None) -> Span:
        """Return the bytes; layers are fetched only when they are read, because they may be in the cache."""
        if expected is not None and expected.media_type in LAYERS:
            return FetchedSpan(name, lambda: spool(pieces, name, self._opened), expected.size)
        return spool(pieces, name, self._opened)

    def _index(self) -> Iterator[bytes]:
        """Yield an index that lists the one manifest or index that the image's name means."""
        fetched = self._repository.manifest(self._reference)
        self.has_answered = True
        digest = self._digest_of(fetched)
        path = "blobs/" + digest.replace(":", "/")
        self._found[path] = spool([fetched.content], path, self._opened)
        descriptor = {"mediaType": fetched.media_type, "digest": digest, "size": len(fetched.content)}
        yield msgspec.json.encode({"manifests": [descriptor]})

    def _digest_of(self, fetched: FetchedManifest) -> str:
        """Return the digest that the manifest has to have: the one that was asked for, else what the registry says."""
        own = sha256(fetched.content)
        by_digest = self._reference if ":" in self._reference else fetched.digest
        wanted = by_digest or own
        if wanted.startswith("sha256:") and wanted != own:
            raise UnreadableError(
                "is damaged or was changed: the registry's manifest does not have the digest that it should",
                path=str(self._name),
                hint="Do not use this image; push it again",
            )
        return wanted

    def _fetched(self, name: str, expected: Expected | None) -> Iterator[bytes] | None:
        found = _BLOB.fullmatch(name)
        if found is None or expected is None:
            return None  # `manifest.json` and the like, which registries do not have
        digest = f"{found['algorithm']}:{found['hex']}"
        if expected.media_type in MANIFESTS:
            return iter([self._repository.manifest(digest).content])
        self._budget.require_bytes(expected.size)
        return self._repository.blob(digest, expected.size)
