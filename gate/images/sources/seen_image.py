"""What a daemon does not state of an image, as its export stated it, for the next run.

It is the manifest's digest, and which steps of the history brought no layer: a daemon states sizes alone, and a layer
may be empty (`WORKDIR /srv` where the folder is there). The configuration, whose digest the image's id is, says it.
Docker's containerd store calls an image by the digest of its manifest, and does not state that of its configuration.
"""

import msgspec

from gate.images.image import FoundImage
from gate.images.image_cache import ImageCache


class SeenImage(msgspec.Struct, frozen=True):
    """An image that was exported and verified."""

    empty: list[bool]
    """Whether each step of the history brought no layer, the oldest first; nothing where the configuration has none."""
    digest: str | None
    """Of its manifest, if it has one."""
    id: str
    """Digest of its configuration."""


def put_seen(cache: ImageCache, found: FoundImage) -> None:
    """Add an exported image to the cache, by its id and, as Docker's containerd store calls it, by its manifest."""
    empty = [step.empty_layer for step in found.config.history or ()]
    seen = SeenImage(empty, found.digest, found.id)
    for name in filter(None, (found.id, found.digest)):
        if seen_image(cache, name) is None:
            cache.put(_key(name), seen)


def seen_image(cache: ImageCache, name: str) -> SeenImage | None:
    """Return the image with this id or digest of its manifest; None if no earlier run has seen it."""
    return cache.get(_key(name), SeenImage)


def _key(name: str) -> tuple[str, ...]:
    return ("exported image", name)
