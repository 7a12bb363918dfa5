"""Distributions whose support has ended since an image was read, by the ecosystem of the image's packages.

The rule of the image stage says the rest, so that a finding has the fingerprint that a new run would give it.
"""

import sqlite3
from collections.abc import Iterable

from gate.core.end_of_life import EndOfLifeTable, ended
from gate.ecosystems import OS_RELEASE_IDS, base_of
from gate.images.contents.release import Release
from gate.images.rules.base import Subject
from gate.images.rules.releases import has_ended
from gate.model import Finding
from gate.rules import ask, finding_of

_DISTRIBUTIONS = {ecosystem: name for name, ecosystem in OS_RELEASE_IDS.items()}
"""Ecosystem to the distribution's name in os-release and in the table of dates; its release follows a colon."""
_OS_RELEASE = "etc/os-release"


class EndedReleases:
    """Which lists of packages are of a distribution that has ended."""

    def __init__(self, connection: sqlite3.Connection, today: str, table: EndOfLifeTable | None) -> None:
        """`today` is YYYY-MM-DD; `table` is the built-in one if none is given."""
        self._today, self._table = today, table
        self._in_listing: dict[int, set[Release]] = {}
        self._found: dict[frozenset[Release], tuple[Finding, ...]] = {}
        self._look_up(connection)

    def findings_in(self, listings: Iterable[int]) -> tuple[Finding, ...]:
        """Return the finding on an image with these lists; none if its distribution has not ended, or is unknown."""
        releases = frozenset(one for listing in listings for one in self._in_listing.get(listing, ()))
        if releases not in self._found:
            ordered = tuple(sorted(releases, key=lambda one: (one.name, one.version, one.path)))
            subject = Subject(releases=ordered, today=self._today, end_of_life=self._table)
            self._found[releases] = tuple(finding_of(rule, hit, "") for rule, hit in ask([has_ended], subject))
        return self._found[releases]

    def _look_up(self, connection: sqlite3.Connection) -> None:
        """Note for each list of packages the distribution that has ended, if it is of one."""
        for (ecosystem,) in connection.execute("SELECT DISTINCT ecosystem FROM package").fetchall():
            name = _DISTRIBUTIONS.get(base_of(ecosystem), "")
            version = ecosystem.partition(":")[2].partition(":")[0].removeprefix("v")
            if name and ended(name, version, self._today, self._table) is not None:
                found = Release(name, version, _OS_RELEASE)
                query = (
                    "SELECT DISTINCT c.listing FROM package p JOIN content c ON c.package = p.id WHERE p.ecosystem = ?"
                )
                for (listing,) in connection.execute(query, (ecosystem,)):
                    self._in_listing.setdefault(listing, set()).add(found)
