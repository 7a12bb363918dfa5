"""Why secrets do not stop a change, by what readers said of them; and what would, were a repository never read.

Rules that were made with the labels of a repository look better there than on the next one. So each repository is
judged with those reasons alone that the other repositories bear out: a reason is trusted if it is given in FEWEST of
them or more, and in MOST of these at most for something worthy. How reasons are worded and found is the same for all,
and was decided with all labels at hand: the figure is still too good, by as much as that is worth.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from benchmarks.truth.score import Figures, Judged, figures

FEWEST = 2
"""Repositories in which a reason is given before it is trusted."""
MOST = 0.1
"""Share of the repositories that give a reason which may have a worthy finding with it."""
_DAY = re.compile(r" on \d{4}-\d\d-\d\d\Z")


class Reason(NamedTuple):
    """What readers said of the secrets of low worth for one reason."""

    figures: Figures
    repositories: int
    worthy_repositories: int

    @property
    def is_borne_out(self) -> bool:
        return self.repositories >= FEWEST and self.worthy_repositories <= MOST * self.repositories


def sure_secrets(judged: Iterable[Judged]) -> list[Judged]:
    """Return the secrets that were read and are sure enough to stop a change."""
    return [one for one in judged if one.label and one.found.stage == "secrets" and one.found.confidence != "low"]


def by_reason(judged: Iterable[Judged]) -> dict[str, Reason]:
    """Return the reasons for a low worth, the one that most repositories give first."""
    given: dict[str, list[Judged]] = {}
    for one in judged:
        for reason in _reasons(one):
            given.setdefault(reason, []).append(one)
    table = {reason: _reason(found) for reason, found in given.items()}
    return dict(sorted(table.items(), key=lambda item: (-item[1].repositories, item[0])))


def stopped_unread(judged: Iterable[Judged]) -> list[Judged]:
    """Return the secrets that would stop their repositories, each judged by what the others bear out."""
    every = list(judged)
    stopped: list[Judged] = []
    for repository in sorted({one.found.repository for one in every}):
        others = by_reason(one for one in every if one.found.repository != repository)
        trusted = {reason for reason, said in others.items() if said.is_borne_out}
        own = (one for one in every if one.found.repository == repository)
        stopped += [one for one in own if trusted.isdisjoint(_reasons(one))]
    return stopped


def _reasons(one: Judged) -> set[str]:
    """Return why a finding is of low worth, without the day on which a token expired; nothing of any other."""
    return {_DAY.sub("", reason) for reason in one.found.evidence} if one.found.worth == "low" else set()


def _reason(found: list[Judged]) -> Reason:
    worthy = {one.found.repository for one in found if one.label and one.label.label == "worth"}
    return Reason(figures(found), len({one.found.repository for one in found}), len(worthy))
