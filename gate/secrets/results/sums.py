"""What many files come to together: those in which there is nothing to find as counts, the others one by one."""

from collections.abc import Iterable, Mapping

import msgspec

from gate.model import StageError
from gate.secrets.results.detected import Examined
from gate.secrets.results.findings import Tally
from gate.secrets.results.survey import is_clean

Counts = Mapping[str, int]


class FileOutcome(msgspec.Struct, frozen=True, array_like=True):
    """What one file came to: one of the two."""

    examined: Examined | None = None
    error: StageError | None = None

    @property
    def value(self) -> Examined | StageError:
        value = self.examined or self.error
        assert value is not None
        return value


class Sum(msgspec.Struct, frozen=True):
    """What files come to together."""

    clean: Counts
    """What the tally counts in those in which there is nothing to find."""
    open: tuple[tuple[int, FileOutcome], ...]
    """What each of the others came to, by its place among the files."""


def sum_of(outcomes: Iterable[Examined | StageError]) -> Sum:
    """Return what files with these outcomes come to together."""
    clean, others = Tally(""), list[tuple[int, FileOutcome]]()
    for place, outcome in enumerate(outcomes):
        if isinstance(outcome, StageError):
            others.append((place, FileOutcome(error=outcome)))
        elif is_clean(outcome):
            clean.take("", outcome)
        else:
            others.append((place, FileOutcome(examined=outcome)))
    return Sum(counts_of(clean), tuple(others))


def counts_of(tally: Tally) -> Counts:
    """Return what a tally counts."""
    return {name: value for name, value in tally.facts().items() if isinstance(value, int)}


def added(first: Counts, second: Counts) -> Counts:
    """Return what both count together."""
    return {name: first.get(name, 0) + second.get(name, 0) for name in (*first, *second)}
