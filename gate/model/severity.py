"""How bad a finding is, how sure the stage is of it, and whether it is worth stopping a change for."""

import enum
from typing import Self


class _Ordered(enum.Enum):
    """An enumeration whose members are declared from the least to the greatest."""

    rank: int
    """Position among the members: 0 is the least."""

    def __init__(self, _: str) -> None:
        self.rank = len(type(self).__members__)

    def __lt__(self, other: Self) -> bool:
        return self.rank < other.rank

    def __le__(self, other: Self) -> bool:
        return self.rank <= other.rank

    def __gt__(self, other: Self) -> bool:
        return self.rank > other.rank

    def __ge__(self, other: Self) -> bool:
        return self.rank >= other.rank


class Severity(_Ordered):
    """Severity of a finding; `Severity.HIGH > Severity.LOW`."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Confidence(_Ordered):
    """How sure a stage is that a finding is real."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Worth(_Ordered):
    """Whether a finding, if it is true, is worth stopping a change for.

    A finding is of medium worth unless something is known that speaks for it or against it.
    """

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
