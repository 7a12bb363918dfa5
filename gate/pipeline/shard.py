"""The share of a run that one of several parallel jobs does."""

from collections.abc import Sequence
from typing import TypeVar

from gate.core.errors import UsageError
from gate.model import Part

ELSEWHERE = "another part of the run looks at it"

Item = TypeVar("Item")


def share(items: Sequence[Item], shard: str | None) -> Sequence[Item]:
    """Return every N-th of the items, from the I-th on, for the shard `I/N`; all without one. Raises UsageError.

    Each item is in just one of the N shares, and in the same one on every machine.
    """
    if shard is None:
        return items
    index, count = _parsed(shard)
    return items[index - 1 :: count]


def part_of(shard: str | None, idle_stages: tuple[str, ...]) -> Part | None:
    """Return what a report says of the share that it tells of. Raises UsageError."""
    if shard is None:
        return None
    index, count = _parsed(shard)
    return Part(index=index, count=count, idle_stages=idle_stages)


def _parsed(shard: str) -> tuple[int, int]:
    index, count = map(int, shard.split("/"))
    if index > count:
        raise UsageError(f"there is no shard {shard}", hint=f"The last one is {count}/{count}")
    return index, count
