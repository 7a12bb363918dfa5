"""From OSV documents to the tables of an index, and from changed documents to a changed index.

`advisories` holds what look-ups need: (ecosystem, name, id) to the short form of an advisory. `documents` holds what
deltas need: id to (modified, names), so that an advisory's rows can be found again. A withdrawn advisory has no names.
`texts` holds what people read, apart from the rest, so that look-ups stay small.
"""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from io import BufferedReader

import msgspec

from gate.advisories.osv import Advisory, Document, short_forms
from gate.advisories.packing import pack
from gate.core.errors import UnreadableError
from gate.ecosystems import canonical_name

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+~@-]{0,199}")
"""What the id of an advisory looks like; it is part of an address, so it has no slash."""

_TABLES = (
    "CREATE TABLE advisories (ecosystem TEXT, name TEXT, id TEXT, value BLOB, PRIMARY KEY (ecosystem, name, id))"
    " WITHOUT ROWID",
    "CREATE TABLE documents (id TEXT PRIMARY KEY, modified TEXT, names BLOB) WITHOUT ROWID",
    "CREATE TABLE texts (id TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID",
    "CREATE TABLE totals (value BLOB)",
)
MAX_TEXT = 4_000
"""Characters of an advisory's text that are kept."""
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_NOTHING = msgspec.msgpack.encode([])
_decode_names = msgspec.msgpack.Decoder(list[tuple[str, str]]).decode
_decode_document = msgspec.json.Decoder(Document).decode


class AdvisoryText(msgspec.Struct, frozen=True, array_like=True):
    """The text and links of an advisory, for people."""

    details: str
    """The beginning of its description."""
    links: tuple[str, ...]


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """What the index of an ecosystem holds."""

    advisories: int
    newest: str
    """Latest time at which an advisory was modified; empty if there is none."""
    releases: dict[str, int]
    """Ecosystem with release to its number of advisories."""


def documents_of(file: BufferedReader, shown: str) -> Iterator[Document]:
    """Yield the advisories of a zip file. Raises UnreadableError for one that is none."""
    from gate.advisories.archives import json_files  # what unpacks: most runs read indexes that are made

    for name, content in json_files(file, shown):
        yield parse(content, shown, name)


def parse(content: bytes, shown: str, name: str) -> Document:
    """Read one advisory in OSV format, which messages call `name` in `shown`. Raises UnreadableError."""
    try:
        document = _decode_document(content)
    except (ValueError, RecursionError) as error:  # msgspec's DecodeError and UnicodeDecodeError are ValueErrors
        raise _unparsable(shown, name, str(error)) from error
    if not ID.fullmatch(document.id):
        raise _unparsable(shown, name, "its id is none")
    return document


def _unparsable(shown: str, name: str, why: str) -> UnreadableError:
    return UnreadableError(
        f"cannot be parsed: {name[:80]!r} in it is no advisory in OSV format ({why})",
        path=shown,
        hint="Fetch the file again",
    )


def names_in(value: bytes) -> list[tuple[str, str]]:
    """Return the packages that a row of `documents` names: ecosystem with release, and canonical name."""
    return _decode_names(value)


def fill(connection: sqlite3.Connection, base: str, documents: Iterable[Document], shown: str) -> None:
    """Make the tables for all advisories of the ecosystem `base`. Raises UnreadableError if there is none."""
    for table in _TABLES:
        connection.execute(table)
    try:
        for document in documents:
            short = _short_forms(document, base)
            if short is not None:
                _insert(connection, document, short)
    except sqlite3.IntegrityError as error:
        raise UnreadableError("lists an advisory twice", path=shown) from error
    if connection.execute("SELECT 1 FROM documents").fetchone() is None:
        raise UnreadableError(f"holds no advisory of the ecosystem {base}", path=shown)
    releases = connection.execute("SELECT ecosystem, count(DISTINCT id) FROM advisories GROUP BY ecosystem")
    _write_totals(connection, dict(releases))


def change(connection: sqlite3.Connection, base: str, documents: Iterable[Document], gone: Iterable[str]) -> None:
    """Put `documents` in the place of those with the same ids, and take away the ids that are `gone`."""
    (value,) = connection.execute("SELECT value FROM totals").fetchone()
    releases = Counter(msgspec.json.decode(value, type=Totals).releases)
    for document in documents:
        releases.subtract(_delete(connection, document.id))
        releases.update(_insert(connection, document, _short_forms(document, base) or []))
    for id in gone:
        releases.subtract(_delete(connection, id))
    connection.execute("DELETE FROM totals")
    _write_totals(connection, {release: count for release, count in sorted(releases.items()) if count})


def _short_forms(document: Document, base: str) -> list[tuple[str, str, Advisory]] | None:
    """Return what is indexed of a document: nothing of a withdrawn one, None if it is about other ecosystems."""
    short = list(short_forms(document, base))
    if not short:
        return None
    return [] if document.withdrawn else short


def _insert(connection: sqlite3.Connection, document: Document, short: list[tuple[str, str, Advisory]]) -> set[str]:
    """Insert a document and return the ecosystems, with release, that it is about."""
    named: dict[tuple[str, str], Advisory] = {}
    for ecosystem, name, advisory in short:
        key = (ecosystem, canonical_name(ecosystem, name))
        named[key] = _joined(named[key], advisory) if key in named else advisory
    connection.executemany(
        "INSERT INTO advisories VALUES (?, ?, ?, ?)",
        [(ecosystem, name, document.id, pack(advisory, 1)) for (ecosystem, name), advisory in named.items()],
    )
    modified = document.modified if _TIME.fullmatch(document.modified) else ""
    names = msgspec.msgpack.encode(list(named))
    connection.execute("INSERT INTO documents VALUES (?, ?, ?)", (document.id, modified, names))
    text = AdvisoryText((document.details or "")[:MAX_TEXT], tuple(document.links))
    if named and (text.details or text.links):
        connection.execute("INSERT INTO texts VALUES (?, ?)", (document.id, pack(text, 6)))
    return {ecosystem for ecosystem, _ in named}


def _joined(first: Advisory, second: Advisory) -> Advisory:
    """Join what one document says of two spellings of a name."""
    return msgspec.structs.replace(
        first, versions=(*first.versions, *second.versions), ranges=(*first.ranges, *second.ranges)
    )


def _delete(connection: sqlite3.Connection, id: str) -> set[str]:
    """Delete a document, if it is there, and return the ecosystems, with release, that it was about."""
    row = connection.execute("SELECT names FROM documents WHERE id = ?", (id,)).fetchone()
    if row is None:
        return set()
    names = _decode_names(row[0])
    rows = [(ecosystem, name, id) for ecosystem, name in names]
    connection.executemany("DELETE FROM advisories WHERE ecosystem = ? AND name = ? AND id = ?", rows)
    for table in ("documents", "texts"):
        connection.execute(f"DELETE FROM {table} WHERE id = ?", (id,))  # noqa: S608  (one of two names)
    return {ecosystem for ecosystem, _ in names}


def _write_totals(connection: sqlite3.Connection, releases: dict[str, int]) -> None:
    query = "SELECT count(*), coalesce(max(modified), '') FROM documents WHERE names != ?"
    advisories, newest = connection.execute(query, (_NOTHING,)).fetchone()
    totals = Totals(advisories=advisories, newest=newest, releases=releases)
    connection.execute("INSERT INTO totals VALUES (?)", (msgspec.json.encode(totals),))
