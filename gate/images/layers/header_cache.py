"""A cache of the tar headers of each layer, by which the tree of a known layer is built without reading the layer."""

from collections.abc import Iterator

import msgspec

from gate.images.image_cache import ImageCache, pack, unpack
from gate.images.layers.blob import Layer
from gate.images.layers.tar import TarMember, members
from gate.images.limits import Budget

_AT_ONCE = 10_000
"""Entries that are packed together; memory holds these, and the others in packed form."""


class _Part(msgspec.Struct, array_like=True):
    """A sequence of entries, and the number of headers that they took."""

    headers: int = 0
    members: list[TarMember] = []


def headers(layer: Layer, budget: Budget, cache: ImageCache) -> Iterator[TarMember]:
    """Yield the entries of a layer in their order, from the `cache` if they are in it; else add them to it.

    Raises as `gate.images.layers.tar.members` does.
    """
    key = ("headers", layer.diff_id)
    packed = cache.get(key, list[bytes])
    if packed is None:
        parts: list[bytes] = []
        yield from _read(layer, budget, parts)
        cache.put(key, parts)
        return
    for part in packed:
        unpacked = unpack(part, _Part)
        budget.take_entries(unpacked.headers)
        yield from unpacked.members


def _read(layer: Layer, budget: Budget, parts: list[bytes]) -> Iterator[TarMember]:
    """Yield the entries from the layer's bytes, and pack them into `parts`."""
    part = _Part()
    left = budget.entries  # the reader of the entries takes from the budget too, so it is read again after each
    for member in members(layer.archive, budget):
        part.headers += left - budget.entries
        part.members.append(member)
        yield member
        if len(part.members) == _AT_ONCE:
            parts.append(pack(part))
            part = _Part()
        left = budget.entries
    part.headers += left - budget.entries
    parts.append(pack(part))
