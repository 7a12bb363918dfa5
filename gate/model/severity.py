"""How bad a finding is, and how sure the stage is of it."""

import enum
from functools import total_ordering


@total_ordering
class _Ordered(enum.Enum):
    """An enumeration whose members are declared from the least to the greatest."""

    def __lt__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self.rank < other.rank

    @property
    def rank(self) -> int:
        """Position among the members: 0 is the least."""
        return list(type(self)).index(self)


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
