"""What a daemon does not state of an image, as its export stated it, for the next run.

It is the manifest's digest, and which steps of the history brought no layer: a daemon states sizes alone, and a layer
may be empty (`WORKDIR /srv` where the folder is there). The configuration, whose digest the image's id is, says it.
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


def put_seen(cache: ImageCache, found: FoundImage) -> None:
    """Add an exported image to the cache."""
    if seen_image(cache, found.id) is None:
        empty = [step.empty_layer for step in found.config.history or ()]
        cache.put(_key(found.id), SeenImage(empty, found.digest))


def seen_image(cache: ImageCache, id: str) -> SeenImage | None:
    """Return the image with this id; None if no earlier run has seen it."""
    return cache.get(_key(id), SeenImage)


def _key(id: str) -> tuple[str, ...]:
    return ("exported image", id)
