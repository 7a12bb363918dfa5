"""What the benchmarks of functions ask about, and what they count."""

from collections import Counter
from collections.abc import Iterable
from typing import TypeVar

from gate.model import InUse

_Name = TypeVar("_Name", str, tuple[str, str, str])


def chosen(names: Iterable[_Name], most: int) -> list[_Name]:
    """Return about `most` of some names, chosen evenly from all in order; all if there are not twice as many."""
    every = sorted(names)
    return every[:: max(1, len(every) // most)]


def counts(states: Iterable[InUse]) -> tuple[int, int, int]:
    """Return how many are yes, unknown and no."""
    count = Counter(states)
    return count[InUse.YES], count[InUse.UNKNOWN], count[InUse.NO]
