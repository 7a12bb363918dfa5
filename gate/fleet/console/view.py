"""What the console shows of a fleet, or of the part of it that a team may see."""

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import msgspec

from gate.fleet.console.targets import FleetTarget, targets_of
from gate.fleet.deployments import Deployments
from gate.fleet.find import FleetGaps
from gate.fleet.running import FleetContext
from gate.fleet.store import FleetStore

AHEAD = timedelta(days=30)
"""Waivers and graces that end within this time are listed."""


class EndingSoon(msgspec.Struct, frozen=True, order=True):
    """A waiver or grace that ends."""

    day: str
    target: str
    what: str
    owner: str
    has_ended: bool


class FleetView(msgspec.Struct, frozen=True, kw_only=True):
    """A fleet as the console shows it."""

    organisation: str
    targets: list[FleetTarget]
    ending: list[EndingSoon]
    sources: tuple[FleetContext, ...]

    @property
    def gaps(self) -> FleetGaps:
        """What of these targets is not known whole."""
        return FleetGaps(
            subjects=len(self.targets),
            incomplete=tuple(_named(one for one in self.targets if one.is_listed and not one.is_complete)),
            without_packages=tuple(_named(one for one in self.targets if not one.is_listed)),
        )

    def of_owners(self, owners: frozenset[str]) -> "FleetView":
        """Return the part of it that these owners have: a target of two belongs to both."""
        seen = [one for one in self.targets if not owners.isdisjoint(one.owners)]
        names = {one.name for one in seen} - {one.name for one in self.targets if owners.isdisjoint(one.owners)}
        ending = [one for one in self.ending if one.target in names]
        return msgspec.structs.replace(self, targets=seen, ending=ending)


def view_of(
    store: FleetStore, connection: sqlite3.Connection, sources: tuple[FleetContext, ...], today: date
) -> FleetView:
    """Return the whole fleet. Raises GateError."""
    return FleetView(
        organisation=store.mark.organisation,
        targets=targets_of(store, connection, Deployments(sources)),
        ending=list(_ending(connection, today)),
        sources=sources,
    )


def _named(targets: Iterable[FleetTarget]) -> list[str]:
    return sorted(one.name for one in targets)


def _ending(connection: sqlite3.Connection, today: date) -> Iterator[EndingSoon]:
    query = """SELECT m.value, s.name, m.detail FROM mark m JOIN subject s ON s.id = m.subject
WHERE m.kind = 'ends' AND m.value <= ? ORDER BY m.value, s.name"""
    for day, name, detail in connection.execute(query, ((today + AHEAD).isoformat(),)):
        what, _, owner = detail.partition("\n")
        yield EndingSoon(day, name, what, owner, day < today.isoformat())
