"""Which steps of an image's history brought no layer, as its configuration states it, for the next run.

A daemon states sizes alone, and a layer may be empty: `WORKDIR /srv` where the folder is there. The configuration of an
exported image says it, and is what its id is the digest of.
"""

from gate.images.image import FoundImage
from gate.images.image_cache import ImageCache

_Shape = list[bool]
"""Whether each step brought no layer, the oldest first."""


def put_history_shape(cache: ImageCache, found: FoundImage) -> None:
    """Add to the cache what the configuration of an image says of its history."""
    if found.config.history and history_shape(cache, found.id) is None:
        cache.put(_key(found.id), [step.empty_layer for step in found.config.history])


def history_shape(cache: ImageCache, id: str) -> list[bool] | None:
    """Return whether each step of the image with this id brought no layer; None if no earlier run has seen it."""
    return cache.get(_key(id), _Shape)


def _key(id: str) -> tuple[str, ...]:
    return ("steps without a layer", id)
