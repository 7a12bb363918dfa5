"""Judging a fleet again by today's advisories and policy, without reading a repository or image again.

Lists of packages are judged once for each way in which targets use them; a target is what its lists and its other
findings are. A delta judges only the packages that changed advisories name, and takes what it knows of the others from
the last time.
"""

import sqlite3
from array import array
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Executor
from itertools import islice
from typing import Any

import msgspec

from gate.fleet.deployments import Deployments
from gate.fleet.index_tables import AnswerVectors, add_vulnerable, answer_at, digests_of, unpacked_digest
from gate.fleet.passing_time import PassingTime
from gate.fleet.read_ahead import read_ahead, readers
from gate.fleet.records import IMAGE, FleetRecord, KnownVulnerability
from gate.fleet.store import FleetStore
from gate.fleet.vulnerability_judge import NOT_LISTED, VulnerabilityJudge, VulnerabilityRuling
from gate.model import Deployed, Deployment, Exposed, Finding, InUse, Package, StageError, VerdictStatus

Affected = Collection[int] | None
"""Numbers of the packages in the index that are judged again; None: all."""
_LISTS_AT_ONCE = 4_000
_decode_aside = msgspec.msgpack.Decoder(list[KnownVulnerability]).decode
_SUBJECTS = """
SELECT id, kind, name, digest, branch, record, owners, status, judged, aside FROM subject WHERE listed = 1"""
_UNITS = "SELECT listing, answers FROM placement WHERE subject = ?"


class FleetBlocker(msgspec.Struct, frozen=True, kw_only=True):
    """What blocks a target."""

    what: str
    """Id of the advisory or rule."""
    package: str
    """Package URL, or the path of the file."""
    fingerprint: str
    """Empty for a vulnerability, which is the same in all files that list the package."""


class JudgementChange(msgspec.Struct, frozen=True, kw_only=True):
    """A target whose judgement is another than before."""

    kind: str
    name: str
    digest: str
    branch: str
    owners: tuple[str, ...]
    before: VerdictStatus
    after: VerdictStatus
    blocking: tuple[FleetBlocker, ...]
    """What did not block and does."""
    passing: tuple[FleetBlocker, ...]
    """What blocked and does not any more."""
    deployed: Deployed
    running: tuple[str, ...]
    """Where it is deployed."""
    exposed: Exposed


class JudgedTarget(msgspec.Struct, frozen=True, gc=False):
    """A target that was judged again, also if nothing changed."""

    record: str
    """Digest of its record in the store."""
    status: VerdictStatus
    blocking: tuple[FleetBlocker, ...]


class FleetJudgement(msgspec.Struct, frozen=True, kw_only=True):
    """The judgement of a fleet."""

    subjects: int
    """How many targets were judged again."""
    judged: tuple[JudgedTarget, ...]
    changes: tuple[JudgementChange, ...]
    errors: tuple[StageError, ...]
    """What the advisories could not judge: nothing becomes a pass then."""


class _Subject(msgspec.Struct, frozen=True):
    """A target, as its row in the index has it."""

    id: int
    kind: str
    name: str
    digest: str
    branch: str
    record: str
    owners: str
    status: str
    judged: bytes | None
    aside: bytes


class Rejudging:
    """Judges the targets of an index that is open for changes."""

    def __init__(
        self,
        store: FleetStore,
        connection: sqlite3.Connection,
        judge: VulnerabilityJudge,
        affected: Affected,
        deployments: Deployments | None = None,
        passing: PassingTime | None = None,
    ) -> None:
        self._store = store
        self._connection = connection
        self._judge = judge
        self._affected = affected
        self._deployments = deployments
        self._passing = passing
        self._places = None if affected is None else _places_of(connection, affected)
        self._purls = None if affected is None else _purls_of(connection, affected)
        self._blockers = _Blockers(connection)
        self._answers = {number: InUse(text) for number, text in connection.execute("SELECT id, in_use FROM answer")}
        self._vectors = AnswerVectors(connection)
        self._vulnerable: dict[tuple[str, str], tuple[str, ...]] = {}
        self._listed: dict[tuple[int, str], tuple[tuple[int, Package], ...]] = {}
        self._units: dict[tuple[int, int, str, Deployment], tuple[VulnerabilityRuling, ...]] = {}

    def run(self) -> FleetJudgement:
        """Judge every target that has affected packages, and write down what it is now."""
        with readers() as pool:
            self._judge_lists(pool)
            subjects = self._subjects()
            read = read_ahead(pool, self._store.record, (one.record for one in subjects if self._is_read(one)))
            return self._judge_subjects(subjects, read)

    def _is_read(self, subject: _Subject) -> bool:
        """True if the record of a target says what it is judged by: it was never judged again, or all of it is now."""
        return self._purls is None or subject.judged is None

    def _judge_subjects(self, subjects: Sequence[_Subject], read: Iterator[FleetRecord]) -> FleetJudgement:
        rows, changes, judged = [], [], []
        for subject in subjects:
            blocking, change = self._judge_subject(subject, next(read) if self._is_read(subject) else None)
            status = change.after.value if change else subject.status
            judged.append(JudgedTarget(subject.record, VerdictStatus(status), self._blockers.shown(blocking)))
            rows.append((status, len(blocking), _packed(blocking), subject.id))
            if change is not None:
                changes.append(change)
        self._connection.executemany("UPDATE subject SET status = ?, blocking = ?, judged = ? WHERE id = ?", rows)
        self._note_vulnerable()
        errors = tuple(self._judge.errors.values())
        changes.sort(key=lambda one: one.deployed is not Deployed.YES)
        return FleetJudgement(subjects=len(subjects), judged=tuple(judged), changes=tuple(changes), errors=errors)

    def _judge_lists(self, pool: Executor) -> None:
        """Match every list of packages with the advisories, or the affected packages in it."""
        query = "SELECT DISTINCT p.listing, s.kind, l.digest FROM placement p, subject s, listing l"
        rows = self._connection.execute(f"{query} WHERE s.id = p.subject AND l.id = p.listing").fetchall()
        wanted = iter([row for row in rows if self._places is None or row[0] in self._places])
        while chunk := list(islice(wanted, _LISTS_AT_ONCE)):
            names = {listing: digest.hex() for listing, _, digest in chunk}
            read = read_ahead(pool, self._store.packages, names.values())
            lists = {listing: self._positions(listing, packages) for listing, packages in zip(names, read, strict=True)}
            for wanted_kind in sorted({kind for _, kind, _ in chunk}):
                of_kind = (listing for listing, kind, _ in chunk if kind == wanted_kind)
                self._judge.ask((package for listing in of_kind for _, package in lists[listing]), wanted_kind)
            for listing, kind, _ in chunk:
                self._listed[listing, kind] = tuple(self._vulnerable_in(lists[listing], kind))

    def _positions(self, listing: int, packages: Sequence[Package]) -> list[tuple[int, Package]]:
        """Return the packages of a list that are judged again, with their positions."""
        if self._places is None:
            return list(enumerate(packages))
        return [(position, packages[position]) for position in sorted(self._places[listing])]

    def _vulnerable_in(self, packages: Sequence[tuple[int, Package]], kind: str) -> Iterator[tuple[int, Package]]:
        for position, package in packages:
            rulings = self._judge.rulings_on(package, kind, InUse.UNKNOWN)
            for ruling in rulings:
                self._vulnerable[ruling.ids[0], ruling.purl] = ruling.ids
            if rulings:
                yield position, package

    def _subjects(self) -> list[_Subject]:
        if self._places is None:
            return [_subject(row) for row in self._connection.execute(_SUBJECTS)]
        self._connection.execute("CREATE TEMP TABLE wanted (listing INTEGER PRIMARY KEY)")
        self._connection.executemany("INSERT INTO wanted VALUES (?)", ((one,) for one in self._places))
        having = "SELECT p.subject FROM wanted w JOIN placement p ON p.listing = w.listing"
        return [_subject(row) for row in self._connection.execute(f"{_SUBJECTS} AND id IN ({having})")]

    def _judge_subject(self, subject: _Subject, record: FleetRecord | None) -> tuple[set[int], JudgementChange | None]:
        """Return what blocks a target now, and how that differs from before."""
        deployment = self._deployment(subject)
        answer = Deployment(deployed=deployment.deployed, exposed=deployment.exposed)
        if record is not None:
            before = self._before(subject, record)
            findings = (*record.findings, *self._found_since(subject, record))
            kept = {self._blockers.of_finding(one) for one in findings if self._judge.blocks(one, answer)}
        else:
            before = unpacked(subject.judged or b"")
            kept = {one for one in before if self._blockers.package_of(one) not in (self._purls or ())}
        now = kept | self._vulnerabilities(subject, answer)
        status = self._status(subject, now)
        if now == before and status.value == subject.status:
            return now, None
        return now, JudgementChange(
            kind=subject.kind,
            name=subject.name,
            digest=subject.digest,
            branch=subject.branch,
            owners=tuple(subject.owners.split()),
            before=VerdictStatus(subject.status),
            after=status,
            blocking=self._blockers.shown(now - before),
            passing=self._blockers.shown(before - now),
            deployed=deployment.deployed,
            running=deployment.evidence,
            exposed=deployment.exposed,
        )

    def _found_since(self, subject: _Subject, record: FleetRecord) -> list[Finding]:
        """Return what time has made of an image since it was read."""
        if self._passing is None or subject.kind != IMAGE:
            return []
        listings = (listing for listing, _ in self._connection.execute(_UNITS, (subject.id,)))
        known = {one.fingerprint for one in record.findings}
        return [one for one in self._passing.findings_on(listings, record.created) if one.fingerprint not in known]

    def _deployment(self, subject: _Subject) -> Deployment:
        if not self._deployments:
            return NOT_LISTED
        digests = digests_of(self._connection, subject.id)
        return self._deployments.of(subject.name if subject.kind == IMAGE else "", digests)

    def _before(self, subject: _Subject, record: FleetRecord) -> set[int]:
        """Return what blocked before: by the last judging again, else by the run that read it."""
        if subject.judged is not None:
            return unpacked(subject.judged)
        findings = {self._blockers.of_finding(one) for one in record.findings if one.blocking}
        known = (one for one in record.vulnerabilities if one.blocking)
        return findings | {self._blockers.of(one.ids[0], one.package) for one in known}

    def _status(self, subject: _Subject, blocking: set[int]) -> VerdictStatus:
        before = VerdictStatus(subject.status)
        if before is VerdictStatus.INCOMPLETE:
            return before
        if blocking:
            return VerdictStatus.FAIL
        return before if self._judge.errors else VerdictStatus.PASS

    def _vulnerabilities(self, subject: _Subject, deployment: Deployment) -> set[int]:
        """Return the vulnerabilities that block a target, of the packages that are judged again."""
        aside = {one.fingerprint: one for one in _decode_aside(subject.aside)}
        found: set[int] = set()
        for listing, answers in self._connection.execute(_UNITS, (subject.id,)):
            for ruling in self._unit(listing, answers, subject.kind, deployment):
                known = aside.get(ruling.fingerprint)
                ruled = self._judge.again(ruling, known, deployment) if known else ruling
                if ruled.blocks:
                    found.add(self._blockers.of(ruled.ids[0], ruled.purl))
        return found

    def _unit(self, listing: int, answers: int, kind: str, deployment: Deployment) -> tuple[VulnerabilityRuling, ...]:
        """Return the rulings on a list as targets use it that have these answers and are deployed so."""
        key = (listing, answers, kind, deployment)
        if key not in self._units:
            listed = self._listed.get((listing, kind), ())
            vector = self._vectors.of(answers) if listed else b""
            found: list[VulnerabilityRuling] = []
            for position, package in listed:
                number = answer_at(vector, position)
                use = InUse.UNKNOWN if number is None else self._answers[number]
                found += self._judge.rulings_on(package, kind, use, deployment)
            self._units[key] = tuple(found)
        return self._units[key]

    def _note_vulnerable(self) -> None:
        """Write down which advisories affect which packages; what could not be asked stays as it was."""
        if not self._judge.errors and self._purls is None:
            self._connection.execute("DELETE FROM vulnerable")
        elif not self._judge.errors:
            query = "DELETE FROM vulnerable WHERE package = ?"
            self._connection.executemany(query, ((package,) for package in self._affected or ()))
        for (_, purl), ids in self._vulnerable.items():
            add_vulnerable(self._connection, ids, purl)


def _subject(row: tuple[Any, ...]) -> _Subject:
    number, kind, name, digest, branch, record, *further = row
    return _Subject(number, kind, name, unpacked_digest(digest), branch, record.hex(), *further)


def _places_of(connection: sqlite3.Connection, affected: Collection[int]) -> dict[int, set[int]]:
    """Return where packages are: by the number of a list, the positions in it."""
    places: dict[int, set[int]] = {}
    for package in affected:
        rows = connection.execute("SELECT listing, position FROM content WHERE package = ?", (package,))
        for listing, position in rows:
            places.setdefault(listing, set()).add(position)
    return places


def _purls_of(connection: sqlite3.Connection, affected: Collection[int]) -> set[str]:
    query = "SELECT purl FROM package WHERE id = ?"
    return {connection.execute(query, (package,)).fetchone()[0] for package in affected}


def _packed(numbers: set[int]) -> bytes:
    return array("I", sorted(numbers)).tobytes()


def unpacked(content: bytes) -> set[int]:
    """Return the numbers of what blocks a target, as the column `judged` has them."""
    return set(array("I", content))


class _Blockers:
    """What blocks targets, each a row that many targets name by its number."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        rows = connection.execute("SELECT id, fingerprint, what, package FROM blocker")
        self._by_number = {row[0]: FleetBlocker(fingerprint=row[1], what=row[2], package=row[3]) for row in rows}
        self._numbers = {blocker: number for number, blocker in self._by_number.items()}

    def of(self, what: str, package: str, fingerprint: str = "") -> int:
        """Return the number of a vulnerability of a package, or of a finding in a file."""
        blocker = FleetBlocker(fingerprint=fingerprint, what=what, package=package)
        number = self._numbers.get(blocker)
        if number is None:
            query = "INSERT INTO blocker (fingerprint, what, package) VALUES (?, ?, ?)"
            number = self._connection.execute(query, (fingerprint, what, package)).lastrowid
            assert number is not None
            self._numbers[blocker] = number
            self._by_number[number] = blocker
        return number

    def of_finding(self, finding: Finding) -> int:
        return self.of(finding.rule, finding.location.path or "", finding.fingerprint)

    def package_of(self, number: int) -> str:
        return self._by_number[number].package

    def shown(self, numbers: set[int]) -> tuple[FleetBlocker, ...]:
        return tuple(self._by_number[number] for number in sorted(numbers))
