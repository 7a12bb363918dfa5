"""What a fleet's targets say together: totals, what to raise first for most effect, rules, and owners."""

from collections.abc import Callable, Iterable, Sequence

import msgspec

from gate.fleet.console.targets import FleetTarget
from gate.fleet.index_tables import purl_base
from gate.fleet.rejudge import FleetBlocker

NO_OWNER = "no owner"
_MOST_IDS = 5
_PURL = "pkg:"


class ConsoleTotals(msgspec.Struct, frozen=True, kw_only=True):
    """How many targets there are, of each verdict, and what of them runs."""

    targets: int
    fail: int
    incomplete: int
    passing: int
    blocking: int
    """What blocks, over all targets."""
    running: int
    running_fail: int
    """Targets that are known to run and fail."""
    exposed_fail: int
    """Of these, those that can be reached from outside."""


class EffectRow(msgspec.Struct, frozen=True, kw_only=True):
    """A package or rule that blocks, and what changing it once everywhere would do."""

    name: str
    """Package URL without version, or id of a rule."""
    ids: tuple[str, ...]
    """Advisories, or versions of packages in which it stands; the first of them."""
    more: int
    """How many are not named."""
    targets: int
    running: int
    exposed: int
    freed: int
    """Targets of which nothing else blocks, so that they would pass."""
    owners: int


class OwnerRow(msgspec.Struct, frozen=True, kw_only=True):
    """The targets of one owner; one with two owners counts for both."""

    owner: str
    targets: int
    fail: int
    running_fail: int
    blocking: int


def totals_of(targets: Sequence[FleetTarget]) -> ConsoleTotals:
    """Return the totals."""
    statuses = [one.status for one in targets]
    running_fail = [one for one in targets if one.runs and one.status == "fail"]
    return ConsoleTotals(
        targets=len(targets),
        fail=statuses.count("fail"),
        incomplete=statuses.count("incomplete"),
        passing=statuses.count("pass"),
        blocking=sum(len(one.blockers) for one in targets),
        running=sum(one.runs for one in targets),
        running_fail=len(running_fail),
        exposed_fail=sum(one.is_exposed for one in running_fail),
    )


def packages_first(targets: Iterable[FleetTarget]) -> list[EffectRow]:
    """Return the packages that block, the one first whose update has most effect where it runs."""
    return _effects(targets, lambda one: purl_base(one.package) if one.package.startswith(_PURL) else "")


def rules_first(targets: Iterable[FleetTarget]) -> list[EffectRow]:
    """Return the rules that block and are no package's: secrets and configuration."""
    return _effects(targets, lambda one: "" if one.package.startswith(_PURL) else one.what)


def _effects(targets: Iterable[FleetTarget], name_of: Callable[[FleetBlocker], str]) -> list[EffectRow]:
    held: dict[str, list[tuple[FleetTarget, bool]]] = {}
    ids: dict[str, dict[str, None]] = {}
    for target in targets:
        names = [name_of(one) for one in target.blockers]
        for name, blocker in zip(names, target.blockers, strict=True):
            if name:
                ids.setdefault(name, {})[blocker.what] = None
        different = dict.fromkeys(names)
        for name in filter(None, different):
            held.setdefault(name, []).append((target, len(different) == 1 and target.status == "fail"))
    rows = (_effect(name, members, tuple(ids[name])) for name, members in held.items())
    return sorted(rows, key=lambda row: (-row.exposed, -row.running, -row.freed, -row.targets, row.name))


def _effect(name: str, members: Sequence[tuple[FleetTarget, bool]], ids: Sequence[str]) -> EffectRow:
    different = [one for one in ids if one != name]
    return EffectRow(
        name=name,
        ids=tuple(different[:_MOST_IDS]),
        more=max(0, len(different) - _MOST_IDS),
        targets=len(members),
        running=sum(target.runs for target, _ in members),
        exposed=sum(target.is_exposed for target, _ in members),
        freed=sum(is_freed for _, is_freed in members),
        owners=len({owner for target, _ in members for owner in target.owners}),
    )


def owner_rows(targets: Iterable[FleetTarget]) -> list[OwnerRow]:
    """Return a row for each owner, the one first with most that runs and fails."""
    held: dict[str, list[FleetTarget]] = {}
    for target in targets:
        for owner in target.owners or (NO_OWNER,):
            held.setdefault(owner, []).append(target)
    rows = [_owner_row(owner, members) for owner, members in held.items()]
    return sorted(rows, key=lambda row: (-row.running_fail, -row.fail, -row.blocking, row.owner))


def _owner_row(owner: str, members: Sequence[FleetTarget]) -> OwnerRow:
    return OwnerRow(
        owner=owner,
        targets=len(members),
        fail=sum(one.status == "fail" for one in members),
        running_fail=sum(one.runs and one.status == "fail" for one in members),
        blocking=sum(len(one.blockers) for one in members),
    )
