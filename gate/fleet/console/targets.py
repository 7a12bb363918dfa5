"""The targets of a fleet as the console shows them: verdict, what blocks, where it runs, whose it is."""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from gate.fleet.deployments import Deployments
from gate.fleet.index_tables import bare_digest, unpacked_digest
from gate.fleet.records import IMAGE, FleetRecord
from gate.fleet.rejudge import FleetBlocker, unpacked
from gate.fleet.store import FleetStore
from gate.model import Deployment, Exposed

_TARGETS = """
SELECT id, kind, name, digest, branch, status, owners, first_seen, read_at, complete, listed, record, judged
FROM subject"""
_WORST_FIRST = ("fail", "incomplete", "pass")


class FleetTarget(msgspec.Struct, frozen=True, kw_only=True):
    """A repository or image, as its last reading or judging left it."""

    kind: str
    name: str
    digest: str
    branch: str
    status: str
    owners: tuple[str, ...]
    first_seen: str
    read_at: str
    is_complete: bool
    is_listed: bool
    """False if only a report is kept, without packages."""
    blockers: tuple[FleetBlocker, ...]
    deployment: Deployment

    @property
    def runs(self) -> bool:
        """True if a listing names it."""
        return bool(self.deployment.evidence)

    @property
    def is_exposed(self) -> bool:
        return self.deployment.exposed is Exposed.YES

    def order(self) -> tuple[object, ...]:
        """Return the sort key for the most urgent first: what runs and fails, then by what blocks."""
        is_calm = self.status == "pass"
        status = _WORST_FIRST.index(self.status)
        return (is_calm, not self.runs, not self.is_exposed, status, -len(self.blockers), self.name, self.digest)


def targets_of(store: FleetStore, connection: sqlite3.Connection, deployments: Deployments) -> list[FleetTarget]:
    """Return all targets of an index, the most urgent first. Raises GateError for a damaged record."""
    digests = _digests(connection) if deployments else {}
    found = connection.execute("SELECT id, fingerprint, what, package FROM blocker")
    blockers = {row[0]: FleetBlocker(fingerprint=row[1], what=row[2], package=row[3]) for row in found}
    targets = []
    for row in connection.execute(_TARGETS):
        number, kind, name, digest, branch, status, owners, first_seen, read_at, complete, listed, record, judged = row
        blocking = _judged(judged, blockers) if judged is not None else tuple(_read(store.record(record.hex())))
        deployment = deployments.of(name if kind == IMAGE else "", digests.get(number, ()))
        targets.append(
            FleetTarget(
                kind=kind,
                name=name,
                digest=unpacked_digest(digest),
                branch=branch,
                status=status,
                owners=tuple(owners.split()),
                first_seen=first_seen,
                read_at=read_at,
                is_complete=bool(complete),
                is_listed=bool(listed),
                blockers=blocking,
                deployment=deployment,
            )
        )
    return sorted(targets, key=FleetTarget.order)


def _digests(connection: sqlite3.Connection) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for subject, value in connection.execute("SELECT subject, value FROM mark WHERE kind = 'digest'"):
        found.setdefault(subject, []).append(bare_digest(unpacked_digest(value)))
    return found


def _judged(content: bytes, blockers: dict[int, FleetBlocker]) -> tuple[FleetBlocker, ...]:
    """Return what blocks a target by the last judging again."""
    return tuple(blockers[number] for number in sorted(unpacked(content)))


def _read(record: FleetRecord) -> Iterator[FleetBlocker]:
    """Yield what blocks a target by the run that read it."""
    for known in record.vulnerabilities:
        if known.blocking:
            yield FleetBlocker(what=known.ids[0], package=known.package, fingerprint="")
    for finding in record.findings:
        if finding.blocking:
            path = finding.location.path or ""
            yield FleetBlocker(what=finding.rule, package=path, fingerprint=finding.fingerprint)


def row_of(target: FleetTarget) -> Sequence[Any]:
    """Return a target as a row of a shard: `targets.js` reads them by their places."""
    return (
        target.kind,
        " ".join(filter(None, (target.name, target.branch))),
        target.digest[:19],
        target.status,
        len(target.blockers),
        list(target.deployment.evidence),
        target.deployment.exposed.value if target.runs else "",
        list(target.deployment.exposed_evidence),
        list(target.owners),
        target.first_seen[:10],
        target.read_at[:10],
    )
