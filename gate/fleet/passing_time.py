"""What time alone makes of an image that was read once: its distribution or a runtime in it ends, and it grows too old.

The rules of the image stage say the rest, so that a finding has the fingerprint that a new run would give it.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from gate.core.end_of_life import EndOfLifeTable, ended
from gate.ecosystems import OS_RELEASE_IDS, base_of, find
from gate.fleet.index_tables import PackagesOf
from gate.images.contents.release import Release
from gate.images.provenance.base import Ancestry
from gate.images.provenance.base.rules import Descent, is_too_old
from gate.images.rules.base import Subject
from gate.images.rules.releases import has_ended
from gate.model import Finding, Package
from gate.rules import ask, finding_of

_DISTRIBUTIONS = {ecosystem: name for name, ecosystem in OS_RELEASE_IDS.items()}
"""Ecosystem to the distribution's name in os-release and in the table of dates; its release follows a colon."""
_OS_RELEASE = "etc/os-release"


class PassingTime:
    """What today says of images."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        now: datetime,
        packages_of: PackagesOf,
        *,
        table: EndOfLifeTable | None = None,
        longest: timedelta | None = None,
    ) -> None:
        """`table` is the built-in one if none is given; `longest` is how old an image may be, None: any age."""
        self._connection = connection
        self._now, self._longest = now, longest
        self._table = table
        self._today = now.date().isoformat()
        self._in_listing: dict[int, set[Release]] = {}
        self._found: dict[frozenset[Release], tuple[Finding, ...]] = {}
        self._look_up(packages_of)

    def findings_on(self, listings: Iterable[int], created: str) -> tuple[Finding, ...]:
        """Return the findings on an image with these lists that was built at `created` (RFC 3339; empty: unknown)."""
        releases = frozenset(one for listing in listings for one in self._in_listing.get(listing, ()))
        if releases not in self._found:
            ordered = tuple(sorted(releases, key=lambda one: (one.name, one.version, one.path)))
            subject = Subject(releases=ordered, today=self._today, end_of_life=self._table)
            self._found[releases] = tuple(finding_of(rule, hit, "") for rule, hit in ask([has_ended], subject))
        return (*self._found[releases], *self._age_of(created))

    def _age_of(self, created: str) -> Iterator[Finding]:
        if created and self._longest is not None:
            ancestry = Ancestry(base=None, created=created, chain_id="")
            descent = Descent(ancestry, (), self._now, self._longest)
            yield from (finding_of(rule, hit, "") for rule, hit in ask([is_too_old], descent))

    def _look_up(self, packages_of: PackagesOf) -> None:
        """Note for each list of packages what in it has ended: the distribution that it is of, and runtimes."""
        rows = self._connection.execute("SELECT id, ecosystem, name FROM package_name").fetchall()
        lists: dict[int, Sequence[Package]] = {}
        for ecosystem in sorted({ecosystem for _, ecosystem, _ in rows}):
            self._note_distribution(ecosystem)
        for number, ecosystem, name in rows:
            known = find(ecosystem)
            runtime = known.runtimes.get(name, "") if known else ""
            for version, text in self._versions(number) if runtime else ():
                if self._has_ended(runtime, text):
                    self._note_runtime(version, runtime, packages_of, lists)

    def _versions(self, package: int) -> list[tuple[int, str]]:
        query = "SELECT id, version FROM package_version WHERE package = ?"
        return self._connection.execute(query, (package,)).fetchall()

    def _note_distribution(self, ecosystem: str) -> None:
        name = _DISTRIBUTIONS.get(base_of(ecosystem), "")
        version = ecosystem.partition(":")[2].partition(":")[0].removeprefix("v")
        if name and self._has_ended(name, version):
            found = Release(name, version, _OS_RELEASE)
            query = "SELECT DISTINCT c.listing FROM package p JOIN content c ON c.package = p.id WHERE p.ecosystem = ?"
            for (listing,) in self._connection.execute(query, (ecosystem,)):
                self._in_listing.setdefault(listing, set()).add(found)

    def _note_runtime(
        self, package: int, name: str, packages_of: PackagesOf, known: dict[int, Sequence[Package]]
    ) -> None:
        query = "SELECT c.listing, c.position, l.digest FROM content c JOIN listing l ON l.id = c.listing"
        for listing, position, digest in self._connection.execute(f"{query} WHERE c.package = ?", (package,)):
            if listing not in known:
                known[listing] = packages_of(digest.hex())
            one = known[listing][position]
            self._in_listing.setdefault(listing, set()).add(Release(name, one.version, one.path))

    def _has_ended(self, name: str, version: str) -> bool:
        return ended(name, version, self._today, self._table) is not None
