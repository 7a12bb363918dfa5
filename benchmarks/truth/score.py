"""Joins what the gate found with what readers said of it, and counts."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

from benchmarks.truth.labels import Label, Place
from benchmarks.truth.runs import Found


class Judged(NamedTuple):
    """A finding and its label, if it has one."""

    found: Found
    label: Label | None


class Figures(NamedTuple):
    """How many findings there are, and how many of them were read with which result."""

    findings: int
    worth: int
    right: int
    wrong: int

    @property
    def labelled(self) -> int:
        return self.worth + self.right + self.wrong

    @property
    def precision(self) -> float | None:
        """Share of those read that are what their messages say; None where none was read."""
        return (self.worth + self.right) / self.labelled if self.labelled else None

    @property
    def worthy(self) -> float | None:
        """Share of those read that are worth stopping a change for; None where none was read."""
        return self.worth / self.labelled if self.labelled else None


class Lost(NamedTuple):
    """Worthy findings that stopped a run when they were read."""

    silent: list[Label]
    """Reported still, or again at the same place, and blocking no longer."""
    gone: list[Label]
    """Not reported at all."""


def join(found: Iterable[Found], labels: Iterable[Label]) -> list[Judged]:
    """Give each finding the label of its fingerprint, else that of its rule at its place."""
    first = [label for label in labels if label.reading == 1]
    by_key = {label.key: label for label in first}
    by_place = {(label.place, label.rule): label for label in first}
    return [Judged(one, by_key.get(one.key) or _at_a_place(one, by_place)) for one in found]


def _at_a_place(one: Found, by_place: dict[tuple[Place, str], Label]) -> Label | None:
    labels = (by_place.get((place, one.rule)) for place in one.all_places)
    return next((label for label in labels if label), None)


def figures(judged: Iterable[Judged]) -> Figures:
    counts = Counter(one.label.label if one.label else "unlabelled" for one in judged)
    return Figures(counts.total(), counts["worth"], counts["right"], counts["wrong"])


def by(judged: Iterable[Judged], group: Callable[[Found], tuple[str, ...]]) -> dict[tuple[str, ...], Figures]:
    """Return the figures of each group of findings, the largest group first."""
    groups: dict[tuple[str, ...], list[Judged]] = {}
    for one in judged:
        groups.setdefault(group(one.found), []).append(one)
    return {name: figures(group) for name, group in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))}


def evenly(judged: Iterable[Judged]) -> tuple[int, float | None, float | None]:
    """Return how many repositories have findings that were read, and the means over them of both shares.

    A repository that keeps a thousand recorded answers would decide the figures of all others together.
    """
    read = [one for one in by(judged, lambda found: (found.repository,)).values() if one.labelled]
    return len(read), _mean([one.precision for one in read]), _mean([one.worthy for one in read])


def _mean(shares: list[float | None]) -> float | None:
    known = [share for share in shares if share is not None]
    return sum(known) / len(known) if known else None


def reasons(judged: Iterable[Judged]) -> dict[tuple[str, str], list[str]]:
    """Return the repositories of each label's reason, one for each finding, the most frequent reason first."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in judged:
        if one.label:
            found.setdefault((one.label.label, one.label.why), []).append(one.found.repository)
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))


def lost(found: Iterable[Found], labels: Iterable[Label]) -> Lost:
    """Return the worthy findings among `labels` that stopped a run once and do so no longer.

    One that is reported under another rule or fingerprint is found by its place.
    """
    every = list(found)
    blocking = [one for one in every if one.blocking]
    result = Lost([], [])
    for label in labels:
        if label.label != "worth" or not label.blocking or label.reading != 1 or _is_among(label, blocking):
            continue
        (result.silent if _is_among(label, every) else result.gone).append(label)
    return result


def _is_among(label: Label, found: list[Found]) -> bool:
    return any(label.key == one.key or label.place in one.all_places for one in found)


def agreement(labels: Iterable[Label]) -> list[tuple[Label, Label]]:
    """Return the pairs of labels that two readers gave the same finding, the first reading first."""
    every = list(labels)
    first = {label.key: label for label in every if label.reading == 1}
    pairs = ((first.get(label.key), label) for label in every if label.reading == 2)
    return [(one, other) for one, other in pairs if one]


def changed(judged: Iterable[Judged], before: Iterable[Found]) -> tuple[list[Judged], list[Found]]:
    """Return what blocks now and did not in an earlier run, and what blocked then and does not now.

    The same rule at the same place is the same finding, even where its fingerprint has changed.
    """
    now = [one for one in judged if one.found.blocking]
    then = [one for one in before if one.blocking]
    known_now, known_then = _names(one.found for one in now), _names(then)
    more = [one for one in now if not known_then & _names([one.found])]
    return more, [one for one in then if not known_now & _names([one])]


def _names(found: Iterable[Found]) -> set[tuple[object, ...]]:
    """Return all by which findings can be known again: key, and rule with each place."""
    names: set[tuple[object, ...]] = set()
    for one in found:
        names.add(one.key)
        names.update((one.rule, place) for place in one.all_places)
    return names
