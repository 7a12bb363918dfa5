"""A repository of a registry, asked by another process: the one that has it has neither network nor logins."""

from collections.abc import Iterator

import msgspec

from gate.core import broker
from gate.images.registry.client import FetchedManifest, ImageRepository, Request
from gate.images.registry.names import ImageName


class WantedOfRegistry(msgspec.Struct, frozen=True):
    """What is asked of the repository that the image's name means."""

    address: str
    """Scheme and host: the registry's own, or a mirror's."""
    name: str
    """A tag or a digest; of `read` a path below the repository."""
    size: int = 0
    """Bytes of a blob; of `read` the most that may come."""


class BrokeredRepository(ImageRepository):
    """A `ImageRepository` whose requests another process makes."""

    def __init__(self, name: ImageName, address: str, shown: str) -> None:
        super().__init__(name, address, shown)
        self._at = address

    def manifest(self, reference: str) -> FetchedManifest:
        return broker.ask("registry.manifest", WantedOfRegistry(self._at, reference), FetchedManifest)

    def digest_of(self, tag: str) -> str | None:
        return broker.ask("registry.digest", WantedOfRegistry(self._at, tag), str | None)  # type: ignore[arg-type]

    def blob(self, digest: str, size: int) -> Iterator[bytes]:
        return broker.stream("registry.blob", WantedOfRegistry(self._at, digest, size))

    def read(self, asked: Request, limit: int) -> bytes:
        return broker.ask("registry.read", WantedOfRegistry(self._at, asked.name, limit), bytes)
