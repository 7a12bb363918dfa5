"""The headers of a layer's files, kept from run to run: the tree of a known layer is built without its bytes."""

from collections.abc import Iterator

import msgspec

from gate.images.image_cache import ImageCache, pack, unpack
from gate.images.layers.blob import Layer
from gate.images.layers.tar import TarMember, members
from gate.images.limits import Budget

_AT_ONCE = 10_000
"""Entries that are packed together: memory has to hold those, and the others as they are packed."""


class _Part(msgspec.Struct, array_like=True):
    """Entries that follow one another, and how many headers they took."""

    headers: int = 0
    members: list[TarMember] = []


def headers(layer: Layer, budget: Budget, memory: ImageCache) -> Iterator[TarMember]:
    """Yield the entries of a layer in their order, from `memory` where they are known.

    What is read anew is kept. Raises as `gate.images.layers.tar.members` does.
    """
    looking = ("headers", layer.diff_id)
    known = memory.known(looking, list[bytes])
    if known is None:
        parts: list[bytes] = []
        yield from _read(layer, budget, parts)
        memory.note(looking, parts)
        return
    for part in known:
        told = unpack(part, _Part)
        budget.take_entries(told.headers)
        yield from told.members


def _read(layer: Layer, budget: Budget, parts: list[bytes]) -> Iterator[TarMember]:
    """Yield the entries from the layer's bytes, and pack them into `parts`."""
    part = _Part()
    left = budget.entries  # taken by others too, whenever an entry was yielded
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
