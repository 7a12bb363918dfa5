"""Finding in a fleet: which images and repositories hold a package, a vulnerability, a secret, a rule's hit, a file."""

import re
import sqlite3
from collections.abc import Iterable, Iterator
from fnmatch import translate
from typing import Any

import msgspec

from gate.fleet.deployments import Deployments
from gate.fleet.index_tables import answer_at, digests_of, packed_digest, unpacked_digest
from gate.fleet.query import FleetQuery
from gate.fleet.records import IMAGE
from gate.model import Deployed

_UNKNOWN = "unknown"
_SUBJECT = "s.kind, s.name, s.digest, s.branch, s.status, s.owners, s.first_seen, s.complete"
_HOLDING = f"""
SELECT p.purl, p.version, w.name, coalesce(l.first_seen, s.first_seen), v.value, c.position, {_SUBJECT}
FROM package p, content c, placement l, place w, answers v, subject s
WHERE p.id = ? AND c.package = p.id AND l.listing = c.listing AND w.id = l.place AND v.id = l.answers
  AND s.id = l.subject"""  # noqa: S608  (columns of this module, as below)
_MARKED = f"SELECT m.value, m.detail, {_SUBJECT} FROM mark m JOIN subject s ON s.id = m.subject WHERE m.kind = ?"  # noqa: S608
_MOST_NAMED = 5
_WILDCARD = re.compile(r"[*?]")


class FoundRow(msgspec.Struct, frozen=True, kw_only=True):
    """One place in the fleet."""

    kind: str
    """`image` or `repository`."""
    name: str
    digest: str
    branch: str
    package: str = ""
    """Package URL; empty if it was not packages that were looked for."""
    version: str = ""
    is_certain: bool = True
    """False if the version could not be compared with the range."""
    where: str = ""
    """Layer, lockfile, or file of a finding."""
    what: str = ""
    """What was found there: a rule, a kind of secret, an advisory, a digest."""
    in_use: str = _UNKNOWN
    """`yes`, `no` or `unknown`."""
    evidence: str = ""
    first_seen: str
    """When the fleet first read this content of it."""
    owners: tuple[str, ...]
    status: str
    """The last verdict."""
    is_complete: bool
    """False if something of it could not be read."""
    deployed: str = _UNKNOWN
    """`yes` or `unknown`."""
    running: tuple[str, ...] = ()
    """Where: `prod: Deployment/shop/web since 2026-11-02, listed on 2026-11-28`."""
    exposed: str = _UNKNOWN
    """`yes`, `no` or `unknown`."""
    ways: tuple[str, ...] = ()
    """How it can be reached from outside."""


class FleetGaps(msgspec.Struct, frozen=True, kw_only=True):
    """What could not be searched: silence about it is no answer."""

    subjects: int
    incomplete: tuple[str, ...]
    """Names of those that could not be read completely."""
    without_packages: tuple[str, ...]
    """Names of those of which only a report is kept."""

    @property
    def share(self) -> float:
        """Per cent of the fleet that was not searched whole."""
        return 100 * len({*self.incomplete, *self.without_packages}) / self.subjects if self.subjects else 0.0

    def notes(self) -> Iterator[str]:
        """Yield a sentence for each kind of gap."""
        for names, why in (
            (self.incomplete, "could not be read completely"),
            (self.without_packages, "are known by a report alone, without packages"),
        ):
            if names:
                more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
                yield f"{len(names):,} of {self.subjects:,} {why}: {', '.join(names[:_MOST_NAMED])}{more}"


def find(connection: sqlite3.Connection, query: FleetQuery, deployments: Deployments | None = None) -> list[FoundRow]:
    """Return every place in the fleet, those that are deployed first, then those in use, then by name."""
    if query.kind == "package":
        rows = _packages(connection, query)
    elif query.kind == "advisory":
        rows = _affected(connection, query)
    elif query.kind == "digest":
        rows = _digests(connection, query)
    else:
        rows = _marked(connection, query)
    found = set(rows)
    if deployments:
        places = _Places(connection, deployments)
        found = {places.placed(row) for row in found}
    return sorted(found, key=_order)


def gaps(connection: sqlite3.Connection) -> FleetGaps:
    """Return what of the fleet cannot be found."""
    (count,) = connection.execute("SELECT count(*) FROM subject").fetchone()
    query = "SELECT name FROM subject WHERE complete = 0 AND listed = ? ORDER BY name"

    def named(is_listed: bool) -> tuple[str, ...]:
        return tuple(name for (name,) in connection.execute(query, (is_listed,)))

    return FleetGaps(subjects=count, incomplete=named(True), without_packages=named(False))


def _packages(connection: sqlite3.Connection, query: FleetQuery) -> Iterator[FoundRow]:
    found = connection.execute("SELECT id, ecosystem, version FROM package WHERE base = ?", (query.value,))
    certain = {number: query.holds_for(ecosystem, version) for number, ecosystem, version in found}
    answers = _Answers(connection)
    for number, is_in_range in certain.items():
        if is_in_range is not False:
            yield from _holding(connection, number, answers, is_certain=is_in_range is True)


def _affected(connection: sqlite3.Connection, query: FleetQuery) -> Iterator[FoundRow]:
    """Yield the places of packages that an advisory affects, by its id or an alias."""
    answers = _Answers(connection)
    packages = connection.execute(
        "SELECT DISTINCT v.package FROM alias a JOIN vulnerable v ON v.advisory = a.advisory WHERE a.name = ?",
        (query.value,),
    )
    for (number,) in packages.fetchall():
        for row in _holding(connection, number, answers, is_certain=True):
            yield msgspec.structs.replace(row, what=query.value)
    for value, detail, *subject_row in connection.execute(f"{_MARKED} AND m.value = ?", ("advisory", query.value)):
        yield _row(subject_row, package=detail, what=value)


def _holding(
    connection: sqlite3.Connection, package: int, answers: "_Answers", *, is_certain: bool
) -> Iterator[FoundRow]:
    rows = connection.execute(_HOLDING, (package,))
    for purl, version, where, first_seen, vector, position, *subject in rows:
        in_use, evidence = answers.of(vector, position)
        yield _row(
            subject,
            package=purl,
            version=version,
            is_certain=is_certain,
            where=unpacked_digest(where),
            in_use=in_use,
            evidence=evidence,
            first_seen=first_seen,
        )


def _digests(connection: sqlite3.Connection, query: FleetQuery) -> Iterator[FoundRow]:
    bare = query.value.removeprefix("sha256:")
    for value in (f"{kind}:{bare}" for kind in ("sha256", "imageId", "gitCommit", "index")):
        for found, _, *subject in connection.execute(f"{_MARKED} AND m.value = ?", ("digest", packed_digest(value))):
            yield _row(subject, what=unpacked_digest(found))
    layers = f"SELECT {_SUBJECT} FROM place w JOIN layer y ON y.place = w.id JOIN subject s ON s.id = y.subject"  # noqa: S608
    for subject in connection.execute(f"{layers} WHERE w.name = ?", (packed_digest(query.value),)):
        yield _row(subject, what="layer", where=query.value)


def _marked(connection: sqlite3.Connection, query: FleetQuery) -> Iterator[FoundRow]:
    """Yield what findings are marked with: for a file its name, or the end of its path; `*` and `?` are wildcards."""
    value = query.value.rpartition("/")[2] if query.kind == "file" else query.value
    if _WILDCARD.search(query.value):
        condition, value = "lower(m.value) GLOB ?", value.lower().replace("[", "[[]")
    else:
        condition = "m.value = ? COLLATE NOCASE" if query.kind == "secret" else "m.value = ?"
    end_of_path = re.compile(translate(f"*/{query.value.replace('[', '[[]')}"))
    for found, detail, *subject in connection.execute(f"{_MARKED} AND {condition}", (query.kind, value)):
        if query.kind != "file" or end_of_path.match(f"/{detail}"):
            yield _row(subject, what=found, where=detail)


def _row(subject: Iterable[Any], **parts: Any) -> FoundRow:
    kind, name, digest, branch, status, owners, first_seen, complete = subject
    stated = {
        "kind": kind,
        "name": name,
        "digest": unpacked_digest(digest),
        "branch": branch,
        "status": status,
        "owners": tuple(owners.split()),
        "first_seen": first_seen,
        "is_complete": bool(complete),
    }
    return FoundRow(**{**stated, **parts})


class _Places:
    """Where targets are deployed, by the digests that the index has of them."""

    def __init__(self, connection: sqlite3.Connection, deployments: Deployments) -> None:
        self._connection = connection
        self._deployments = deployments
        self._digests: dict[tuple[str, str, str], tuple[str, ...]] = {}

    def placed(self, row: FoundRow) -> FoundRow:
        """Return a row with where its target is deployed."""
        name = row.name if row.kind == IMAGE else ""
        found = self._deployments.of(name, self._digests_of(row))
        return msgspec.structs.replace(
            row,
            deployed=found.deployed.value,
            running=found.evidence,
            exposed=found.exposed.value,
            ways=found.exposed_evidence,
        )

    def _digests_of(self, row: FoundRow) -> tuple[str, ...]:
        key = (row.name, row.digest, row.branch)
        if key not in self._digests:
            query = "SELECT id FROM subject WHERE name = ? AND digest = ? AND branch = ?"
            (number,) = self._connection.execute(query, (row.name, packed_digest(row.digest), row.branch)).fetchone()
            self._digests[key] = digests_of(self._connection, number)
        return self._digests[key]


class _Answers:
    """The answers on use, by their numbers."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._known: dict[int, tuple[str, str]] = {}

    def of(self, vector: bytes, position: int) -> tuple[str, str]:
        """Return the answer and the evidence for the package at a position of its list."""
        number = answer_at(vector, position)
        if number is None:
            return _UNKNOWN, ""
        if number not in self._known:
            query = "SELECT in_use, evidence FROM answer WHERE id = ?"
            self._known[number] = self._connection.execute(query, (number,)).fetchone()
        return self._known[number]


def _order(row: FoundRow) -> tuple[object, ...]:
    uncertain = ("yes", _UNKNOWN, "no")
    return (
        row.deployed != Deployed.YES.value,
        uncertain.index(row.in_use),
        row.name,
        row.digest,
        row.branch,
        row.package,
        row.where,
        row.what,
    )
