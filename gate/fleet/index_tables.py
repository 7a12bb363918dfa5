"""The inverted index of a fleet, an SQLite file: from a package to its versions, layers, targets and owners.

A package stands once for each list of a store that has it, and a list once for each target that has it: images share
their layers, so this has a fifth of the rows that packages of images would have. Decision 0023 says why SQLite, and
0029 why digests are bytes here (`packed_digest`) and package URLs are put together of what versions share.
"""

import hashlib
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache

import msgspec

from gate.core.errors import UnreadableError
from gate.fleet.records import IMAGE, FleetRecord, KnownVulnerability
from gate.fleet.running import OF_INDEX
from gate.fleet.store import FleetStore
from gate.model import Exposed, Finding, Package, PackageUse, Status

PackagesOf = Callable[[str], Sequence[Package]]
"""From the digest of a list of packages to the list."""

TABLES = """
CREATE TABLE subject (id INTEGER PRIMARY KEY, key BLOB UNIQUE, kind TEXT, name TEXT, digest BLOB, branch TEXT,
  record BLOB, status TEXT, blocking INT, analyser TEXT, read_at TEXT, first_seen TEXT, owners TEXT, complete INT,
  listed INT, aside BLOB, judged BLOB);
CREATE INDEX subject_named ON subject (name);
CREATE INDEX subject_gaps ON subject (listed, name) WHERE complete = 0;
CREATE INDEX subject_listed ON subject (listed);
CREATE TABLE record (digest BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE package_name (id INTEGER PRIMARY KEY, base TEXT, ecosystem TEXT, name TEXT,
  UNIQUE (base, ecosystem, name));
CREATE TABLE package_version (id INTEGER PRIMARY KEY, package INT, version TEXT, rest TEXT);
CREATE INDEX package_version_as ON package_version (package, version, rest);
CREATE VIEW package AS
  SELECT v.id AS id, n.ecosystem AS ecosystem, n.name AS name, v.version AS version, n.base AS base,
  CASE WHEN v.rest IS NULL THEN n.base || '@' || v.version WHEN v.rest = '-' THEN '' ELSE n.base || v.rest END AS purl
  FROM package_version v JOIN package_name n ON n.id = v.package;
CREATE TABLE listing (id INTEGER PRIMARY KEY, digest BLOB UNIQUE);
CREATE TABLE content (package INT, listing INT, position INT, PRIMARY KEY (package, listing, position)) WITHOUT ROWID;
CREATE TABLE place (id INTEGER PRIMARY KEY, name BLOB UNIQUE);
CREATE TABLE placement (listing INT, subject INT, place INT, answers INT, first_seen TEXT,
  PRIMARY KEY (listing, subject, place)) WITHOUT ROWID;
CREATE INDEX placement_of ON placement (subject);
CREATE TABLE layer (place INT, subject INT, PRIMARY KEY (place, subject)) WITHOUT ROWID;
CREATE INDEX layer_of ON layer (subject);
CREATE TABLE answer (id INTEGER PRIMARY KEY, in_use TEXT, evidence TEXT, UNIQUE (in_use, evidence));
CREATE TABLE answers (id INTEGER PRIMARY KEY, digest BLOB UNIQUE, value BLOB);
CREATE TABLE mark (kind TEXT, value BLOB, subject INT, detail TEXT, PRIMARY KEY (kind, value, subject, detail))
  WITHOUT ROWID;
CREATE INDEX mark_of ON mark (subject);
CREATE TABLE alias (name TEXT, advisory TEXT, PRIMARY KEY (name, advisory)) WITHOUT ROWID;
CREATE TABLE vulnerable (advisory TEXT, package INT, PRIMARY KEY (advisory, package)) WITHOUT ROWID;
CREATE INDEX vulnerable_of ON vulnerable (package);
CREATE TABLE blocker (id INTEGER PRIMARY KEY, fingerprint TEXT, what TEXT, package TEXT);
CREATE TABLE note (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
"""
"""`mark` is what findings are found by: a rule, a kind of secret, the name of a file, a digest. `judged` is what
re-judging said last, as numbers of rows of `blocker`; `aside` is what only the target knows of its vulnerabilities
(`gate.fleet.rejudge`). `placement.first_seen` is NULL where it is the target's own, and `package_version.rest` what
follows the base of a package URL: NULL for its version alone, `-` for a package without URL."""
TABLES_VERSION = 2
"""Raise it when the tables change: an index of other tables is refused, and made again of the records."""
_WITHOUT_URL = "-"
_DIGEST_KINDS = ("", "sha256:", "imageId:", "gitCommit:", OF_INDEX)
_HEX = re.compile(r"([A-Za-z0-9]*:)?([0-9a-f]{64}|[0-9a-f]{40})")
_AGAIN = "gate store index --again makes a new one of the records"
_BYTES = 4
"""Bytes of an answer's number in `answers.value`."""


class _Numbers:
    """The numbers of the rows of a table by their content, kept in memory for those of one fold."""

    def __init__(self, connection: sqlite3.Connection, find: str, insert: str) -> None:
        self._connection = connection
        self._find, self._insert = find, insert
        self._known: dict[tuple[object, ...], int] = {}
        self.is_new = False
        """True if the number that was asked for last is of a new row."""

    def has(self, key: tuple[object, ...]) -> bool:
        """True if there is a row with this content."""
        return key in self._known or self._connection.execute(self._find, key).fetchone() is not None

    def of(self, key: tuple[object, ...], *further: object) -> int:
        self.is_new = False
        number = self._known.get(key)
        if number is None:
            row = self._connection.execute(self._find, key).fetchone()
            if row is None:
                self.is_new = True
                number = self._connection.execute(self._insert, (*key, *further)).lastrowid
            else:
                number = row[0]
            assert number is not None
            self._known[key] = number
        return number


class IndexWriter:
    """Folds records into the tables."""

    def __init__(self, connection: sqlite3.Connection, packages_of: PackagesOf) -> None:
        self._connection = connection
        self._packages_of = packages_of
        self._names = _numbers(connection, "package_name", ("base", "ecosystem", "name"))
        self._packages = _numbers(connection, "package_version", ("package", "version", "rest"))
        self._listings = _numbers(connection, "listing", ("digest",))
        self._places = _numbers(connection, "place", ("name",))
        self._answers = _numbers(connection, "answer", ("in_use", "evidence"))
        self._vectors = _numbers(connection, "answers", ("digest",), "value")
        self._vulnerable: set[tuple[str, str]] = set()

    def fold(self, digest: str, record: FleetRecord) -> None:
        """Add a record; an older one of the same target gives way, and a record that is older than that stays out."""
        name = bytes.fromhex(digest)
        self._connection.execute("INSERT OR IGNORE INTO record VALUES (?)", (name,))
        known = self._connection.execute(
            "SELECT id, read_at, record, first_seen FROM subject WHERE key = ?", (_packed_key(record.key),)
        ).fetchone()
        if known is not None and (known[1], known[2]) >= (record.read_at, name):
            return
        if record.kind == IMAGE and self._is_unread(record):
            return
        seen: dict[int, str] = {}
        if known is not None:
            query = "SELECT listing, coalesce(first_seen, ?) FROM placement WHERE subject = ?"
            seen = dict(self._connection.execute(query, (known[3], known[0])))
            self._remove(known[0])
        first_seen = known[3] if known else record.read_at
        subject = self._insert_subject(name, record, known[0] if known else None, first_seen)
        self._insert_places(subject, record, first_seen, seen)
        self._insert_marks(subject, record)
        self._insert_vulnerable(record)

    def has_listing(self, digest: str) -> bool:
        """True if the tables have a list of packages."""
        return self._listings.has((bytes.fromhex(digest),))

    def _is_unread(self, record: FleetRecord) -> bool:
        """True for an attempt to read an image, of which not even the digest was learnt, before one that succeeded.

        A reading that succeeds makes the index forget such an attempt.
        """
        if not record.digest:
            query = "SELECT 1 FROM subject WHERE kind = ? AND name = ? AND digest != '' AND read_at >= ?"
            return self._connection.execute(query, (IMAGE, record.name, record.read_at)).fetchone() is not None
        query = "SELECT id FROM subject WHERE key = ? AND read_at <= ?"
        unread = _packed_key(f"{IMAGE} {record.name}")
        for (number,) in self._connection.execute(query, (unread, record.read_at)).fetchall():
            self._remove(number)
        return False

    def _insert_subject(self, name: bytes, record: FleetRecord, number: int | None, first_seen: str) -> int:
        row = (
            number,
            _packed_key(record.key),
            record.kind,
            record.name,
            packed_digest(record.digest),
            record.branch,
            name,
            record.status.value,
            record.blocking,
            record.analyser,
            record.read_at,
            first_seen,
            " ".join(record.owners),
            record.is_complete,
            record.has_packages,
            msgspec.msgpack.encode([one for one in record.vulnerabilities if _is_special(one)]),
            None,
        )
        holes = ", ".join("?" * len(row))
        number = self._connection.execute(f"INSERT INTO subject VALUES ({holes})", row).lastrowid  # noqa: S608
        assert number is not None
        return number

    def _insert_places(self, subject: int, record: FleetRecord, first_seen: str, seen: dict[int, str]) -> None:
        answers = [self._answer(use) for use in record.answers]
        for one in record.placements:
            listing = self._listing(one.packages)
            vector = b"".join(answers[number].to_bytes(_BYTES, "big") for number in one.answers)
            since = seen.get(listing, record.read_at)
            row = (
                listing,
                subject,
                self._places.of((packed_digest(one.where),)),
                self._vectors.of((hashlib.blake2b(vector, digest_size=16).digest(),), vector),
                None if since == first_seen else since,
            )
            self._connection.execute("INSERT OR REPLACE INTO placement VALUES (?, ?, ?, ?, ?)", row)
        layers = ((self._places.of((packed_digest(name),)), subject) for name in record.layers)
        self._connection.executemany("INSERT OR IGNORE INTO layer VALUES (?, ?)", layers)

    def _listing(self, digest: str) -> int:
        number = self._listings.of((bytes.fromhex(digest),))
        if self._listings.is_new:
            rows = [
                (self._package(*one), number, position)
                for position, package in enumerate(self._packages_of(digest))
                for one in names_of_package(package)
            ]
            self._connection.executemany("INSERT OR IGNORE INTO content VALUES (?, ?, ?)", rows)
        return number

    def _package(self, ecosystem: str, name: str, version: str, purl: str) -> int:
        base = purl_base(purl) or f"{ecosystem} {name}"
        package = self._names.of((base, ecosystem, name))
        rest = purl[len(base) :] if purl else _WITHOUT_URL
        return self._packages.of((package, version, None if rest == f"@{version}" else rest))

    def _answer(self, use: PackageUse) -> int:
        return self._answers.of((use.in_use.value, "; ".join(use.evidence)))

    def _insert_marks(self, subject: int, record: FleetRecord) -> None:
        rows: set[tuple[str, str | bytes, str]] = {row for one in record.findings for row in _marks_of(one)}
        digests = (*(f"{kind}:{digest}" for kind, digest in record.digests.items()), *map(_of_index, record.indexes))
        rows |= {("digest", packed_digest(digest), "") for digest in digests}
        for one in record.placements if record.kind != IMAGE else ():
            rows.add(("file", one.where.rpartition("/")[2], one.where))
        if not record.has_packages:  # nothing else says what they are in
            rows |= {("advisory", id, one.package) for one in record.vulnerabilities for id in one.ids}
        rows |= {("ends", day, f"{what}\n{owner}") for day, what, owner in record.ends}
        marks = ((kind, value, subject, detail) for kind, value, detail in rows)
        self._connection.executemany("INSERT OR IGNORE INTO mark VALUES (?, ?, ?, ?)", marks)

    def _insert_vulnerable(self, record: FleetRecord) -> None:
        for one in record.vulnerabilities:
            if (one.ids[0], one.package) not in self._vulnerable:
                self._vulnerable.add((one.ids[0], one.package))
                add_vulnerable(self._connection, one.ids, one.package)

    def _remove(self, subject: int) -> None:
        for table, column in (("placement", "subject"), ("layer", "subject"), ("mark", "subject"), ("subject", "id")):
            self._connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (subject,))  # noqa: S608


@cache
def _built_in_rules() -> frozenset[str]:
    from gate.policy.layers import built_in  # 15 ms, which only who writes the index needs

    return frozenset(rule.id for rule in built_in().rules)


def _is_special(known: KnownVulnerability) -> bool:
    """True if the target itself says something of a vulnerability that advisories and policy do not say of all."""
    is_own_rule = known.blocking and known.decided_by not in _built_in_rules()
    answers = (known.vex, known.reachable_function, known.first_seen)
    is_known = any(one is not None for one in answers) or known.exposed not in (None, Exposed.UNKNOWN)
    return is_known or is_own_rule or known.status in (Status.WAIVED, Status.EXISTING)


def add_vulnerable(connection: sqlite3.Connection, ids: Sequence[str], purl: str) -> None:
    """Say that an advisory, whose id is the first of `ids` and whose aliases follow, affects a package."""
    connection.executemany("INSERT OR IGNORE INTO alias VALUES (?, ?)", ((name, ids[0]) for name in ids))
    query = "INSERT OR IGNORE INTO vulnerable SELECT ?, id FROM package WHERE base = ? AND purl = ?"
    connection.execute(query, (ids[0], purl_base(purl), purl))


def names_of_package(package: Package) -> Iterator[tuple[str, str, str, str]]:
    """Yield ecosystem, name, version and package URL of a package, and of what is installed of it."""
    yield package.ecosystem, package.name, package.version, package.purl
    for binary in package.binaries:
        if binary.purl != package.purl:
            yield package.ecosystem, binary.name, binary.version, binary.purl


def purl_base(purl: str) -> str:
    """Return a package URL without version, qualifiers and path: what all versions of a package share."""
    bare = purl.partition("?")[0].partition("#")[0]
    head, separator, version = bare.rpartition("@")
    return head if separator and "/" not in version else bare


def _numbers(connection: sqlite3.Connection, table: str, key: Sequence[str], *further: str) -> _Numbers:
    where = " AND ".join(f"{column} IS ?" for column in key)
    columns = (*key, *further)
    holes = ", ".join("?" * len(columns))
    return _Numbers(
        connection,
        f"SELECT id FROM {table} WHERE {where}",  # noqa: S608  (tables and columns of this module)
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({holes})",  # noqa: S608
    )


def _marks_of(finding: Finding) -> Iterator[tuple[str, str, str]]:
    """Yield kind, value and detail of what a finding is found by."""
    places = [place.path or "" for place in (finding.location, *finding.places)]
    for path in places:
        yield "rule", finding.rule, path
        if path:
            yield "file", path.rpartition("/")[2], path
        if finding.secret is not None:
            yield "secret", finding.secret.type, path


def answer_at(vector: bytes, position: int) -> int | None:
    """Return the number of the answer for the package at a position of its list; None if use was not asked."""
    part = vector[_BYTES * position : _BYTES * (position + 1)]
    return int.from_bytes(part, "big") if part else None


class AnswerVectors:
    """The answers for the packages of lists, by the numbers of their rows."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._known: dict[int, bytes] = {}

    def of(self, number: int) -> bytes:
        """Return the answers of a row, for `answer_at`."""
        if number not in self._known:
            query = "SELECT value FROM answers WHERE id = ?"
            self._known[number] = self._connection.execute(query, (number,)).fetchone()[0]
        return self._known[number]


def packed_digest(text: str) -> str | bytes:
    """Return a digest in half the bytes, as the tables have it: its kind's number, then its bytes. Other text stays."""
    found = _HEX.fullmatch(text)
    kind = found[1] or "" if found else None
    if found is None or kind not in _DIGEST_KINDS:
        return text
    return bytes([_DIGEST_KINDS.index(kind)]) + bytes.fromhex(found[2])


def unpacked_digest(value: str | bytes) -> str:
    """Return the text that `packed_digest` was given."""
    return value if isinstance(value, str) else f"{_DIGEST_KINDS[value[0]]}{value[1:].hex()}"


def _packed_key(key: str) -> bytes:
    return hashlib.blake2b(key.encode("utf-8", "surrogateescape"), digest_size=16).digest()


def _of_index(digest: str) -> str:
    return f"{OF_INDEX}{digest}"


def digests_of(connection: sqlite3.Connection, subject: int) -> tuple[str, ...]:
    """Return the digests of a target's content in hexadecimal, those of indexes that list it after `OF_INDEX`."""
    found = connection.execute("SELECT value FROM mark WHERE subject = ? AND kind = 'digest'", (subject,))
    return tuple(bare_digest(unpacked_digest(value)) for (value,) in found)


def bare_digest(value: str) -> str:
    """Return a digest without its kind, unless it is that of an index."""
    return value if value.startswith(OF_INDEX) else value.rpartition(":")[2]


def create(connection: sqlite3.Connection) -> None:
    """Make the tables in an empty database."""
    connection.executescript(TABLES)
    connection.execute(f"PRAGMA user_version = {TABLES_VERSION}")


def fold_all(connection: sqlite3.Connection, store: FleetStore, digests: Iterable[str]) -> int:
    """Fold the records with these digests, and return how many they are. Raises UnreadableError for a damaged one."""
    from gate.fleet.read_ahead import RecordsAhead, readers  # 10 ms, which only who writes the index needs

    with readers() as pool:
        ahead = RecordsAhead(store, pool)
        writer, count = IndexWriter(connection, ahead.packages), 0
        for digest, record in ahead.records(digests, writer.has_listing):
            writer.fold(digest, record)
            count += 1
    return count


def check_tables(connection: sqlite3.Connection, shown: str) -> None:
    """Raise UnreadableError unless a database has the tables of this version."""
    try:
        (stated,) = connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise UnreadableError("the index is damaged", path=shown, hint=_AGAIN) from error
    if stated != TABLES_VERSION:
        raise UnreadableError("the index has other tables", path=shown, hint=_AGAIN)
