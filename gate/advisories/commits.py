"""Whether a commit is affected: OSV's evaluation of ranges of type GIT (ossf.github.io/osv-schema, "Evaluation").

Whether an event applies to a commit depends on the history between them. Without the history most answers are
"unknown", which is reported (`GP004`), since leaving it out would let the commit pass.
"""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Protocol

import msgspec

from gate.advisories.groups import AffectedVersion, VulnerabilityGroup, join_aliases
from gate.advisories.index import Index
from gate.advisories.matching import Case
from gate.advisories.osv import Advisory, Range
from gate.advisories.ranges import fixes, has_no_start
from gate.ecosystems import COMMITS, canonical_name
from gate.model import Finding, Package
from gate.package_rules.rules import UNCOMPARED, finding_on, hit_on

MAX_SHOWN = 8
"""Advisories that the message of a finding spells out."""
_ENDS = ("fixed", "last_affected")

Past = Mapping[str, int]
"""Events that a commit is or descends from, each with how far back it is."""


class History(Protocol):
    """What is known of the histories of repositories."""

    def past(self, package: Package, events: Collection[str]) -> Past | None:
        """Return which of the commits `events` the version of `package` is or descends from; None: unknown."""


class NoHistory:
    """Knows of no repository."""

    def past(self, _package: Package, _events: Collection[str]) -> Past | None:
        return None


class Undecided(msgspec.Struct, frozen=True):
    """A commit, and the advisories on its repository that may affect it or not."""

    package: Package
    ids: tuple[str, ...]


def is_affected(advisory: Advisory, version: str, past: Past | None) -> bool | None:
    """Return whether `version`, a commit or tag of the advisory's repository, is affected; None if unknown."""
    if version in advisory.versions:
        return True
    answers = {_is_in(each, version, past) for each in advisory.ranges}
    if True in answers:
        return True
    return None if None in answers or not advisory.ranges else False


def _is_in(each: Range, commit: str, past: Past | None) -> bool | None:
    answer = _without_history(each, commit) if past is None else _by_history(each, commit, past)
    has_limit = any(kind == "limit" and at != "*" for kind, at in each.events)
    return None if answer and has_limit else answer


def _without_history(each: Range, commit: str) -> bool | None:
    """Return whether a commit is affected, without a history: known only if an event names it or a range has no end."""
    here = {kind for kind, at in each.events if at == commit}
    if here & {"introduced", "last_affected"}:
        return True
    if "fixed" in here:
        return False
    has_end = any(kind in _ENDS for kind, _ in each.events)
    return True if ("introduced", "0") in each.events and not has_end else None


def _by_history(each: Range, commit: str, past: Past) -> bool:
    """Return whether a commit is affected by its nearest event; at the same distance `introduced` wins over `fixed`."""
    nearest: tuple[float, int] = (math.inf, 1 if has_no_start(each) else 3)
    for kind, at in each.events:
        if kind == "introduced" and at == "0":
            nearest = min(nearest, (math.inf, 1))
        elif kind == "introduced" and at in past:
            nearest = min(nearest, (past[at], 1))
        elif kind == "fixed" and at in past:
            nearest = min(nearest, (past[at], 2))
        elif kind == "last_affected" and at in past and at != commit:
            nearest = min(nearest, (past[at], 0))
    return nearest[1] == 1


class CommitMatcher:
    """Matches packages that are known by commit with the advisories of indexes of commits."""

    def __init__(self, indexes: Iterable[Index], history: History) -> None:
        self._indexes = tuple(indexes)
        self._history = history
        self.undecided: list[Undecided] = []
        """What could not be judged, once all cases were taken."""

    def cases(self, packages: Iterable[Package]) -> Iterator[Case]:
        """Yield what affects those of `packages` that are known by commit."""
        for package in packages:
            if package.ecosystem == COMMITS:
                yield from self._cases_of(package)

    def _cases_of(self, package: Package) -> Iterator[Case]:
        name = canonical_name(package.ecosystem, package.name)
        advisories = [each for index in self._indexes for each in index.advisories(package.ecosystem, name)]
        groups = join_aliases(package.ecosystem, dict.fromkeys(advisories))
        events = {at for advisory in advisories for each in advisory.ranges for _, at in each.events}
        past = self._history.past(package, events) if groups else None
        hits = [hit for group in groups if (hit := _hit(group, package.version, past)) is not None]
        unknown = [group for group in groups if _judge(group, package.version, past) is None]
        if unknown:
            self.undecided.append(Undecided(package, tuple(group.advisories[0].id for group in unknown)))
        for hit in hits:
            is_whole = len(hits) == 1 and not unknown and hit.fixed_versions
            id = hit.affecting[0].id
            links = next((links for index in self._indexes if (links := index.links(id))), ())
            safe_version = hit.fixed_versions[0] if is_whole else None
            yield Case(package=package, hit=hit, safe_version=safe_version, links=links)


def _judge(group: VulnerabilityGroup, version: str, past: Past | None) -> bool | None:
    answers = {is_affected(advisory, version, past) for advisory in group.deciding}
    if True in answers:
        return True
    return None if None in answers else False


def _hit(group: VulnerabilityGroup, version: str, past: Past | None) -> AffectedVersion | None:
    affecting = tuple(each for each in group.deciding if is_affected(each, version, past))
    if not affecting:
        return None
    fixed = {fix for advisory in affecting for fix in fixes(advisory)} - set(past or ()) - {version}
    return AffectedVersion(group=group, affecting=affecting, fixed_versions=tuple(sorted(fixed)))


def undecided_findings(undecided: Iterable[Undecided], *, stage: str, target: str) -> Iterator[Finding]:
    """Yield a finding for each commit that some advisories could not be compared with."""
    for one in undecided:
        package, ids = one.package, one.ids
        more = f" and {len(ids) - MAX_SHOWN} more" if len(ids) > MAX_SHOWN else ""
        hit = hit_on(
            package,
            f"The advisories {', '.join(ids[:MAX_SHOWN])}{more} are on this repository and name commits, and"
            f" its history, which alone shows whether they come before {package.version}, is not at hand.",
            title=f"{package.name} at {package.version[:12]}: not known whether {len(ids)} advisories affect it",
            mend="Check the submodule out with its whole history, or look the advisories up",
        )
        yield finding_on(UNCOMPARED, hit, stage=stage, target=target)
