"""The index of one ecosystem: from OSV's `all.zip` to an SQLite file that answers by package name."""

import re
import sqlite3
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from io import BufferedReader
from pathlib import Path

import msgspec

from gate.advisories.archives import has_all_entries
from gate.advisories.osv import Advisory, Document, short_forms
from gate.advisories.store import SourceFile, keep, open_store
from gate.errors import LimitError, UnreadableError

MAX_ENTRIES = 2_000_000
"""Advisories in one file."""
MAX_ENTRY = 32 << 20
"""Bytes of one advisory."""
MAX_BYTES = 32 << 30
"""Bytes of all advisories of one file."""
MAX_RATIO = 250
"""Bytes out of one byte in, over all: JSON does not shrink further, a bomb does."""

_ID = re.compile(r"[!-~]{1,200}")
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
    OSError,
)
"""What zipfile raises for damage, truncation, encryption and compression that it does not know."""


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """What the index of an ecosystem holds."""

    advisories: int
    newest: str
    """Latest time at which an advisory was modified; empty if there is none."""
    releases: dict[str, int]
    """Ecosystem with release to its number of advisories."""


class IndexJob(msgspec.Struct, frozen=True, kw_only=True):
    """What `make_index` needs."""

    base: str
    """The ecosystem without release, which is also the name of its folder."""
    source: SourceFile


class IndexFile(msgspec.Struct, frozen=True, kw_only=True):
    """An index that is ready to be asked."""

    base: str
    path: str
    totals: Totals


def make_index(job: IndexJob) -> IndexFile:
    """Return the index for the zip file of `job`, from the cache or made now; made for `Context.map`."""
    source = job.source
    try:
        file = Path(source.path).open("rb")  # noqa: SIM115
    except OSError as error:
        raise UnreadableError(f"cannot be read ({error.strerror})", path=source.shown) from error
    with file:
        place = keep(source, job.base.replace(" ", "-"), file, lambda connection: _fill(connection, job, file))
    with closing(open_store(place)) as connection:
        (totals,) = connection.execute("SELECT value FROM totals").fetchone()
    return IndexFile(base=job.base, path=str(place), totals=msgspec.json.decode(totals, type=Totals))


def _fill(connection: sqlite3.Connection, job: IndexJob, file: BufferedReader) -> None:
    connection.execute("CREATE TABLE totals (value BLOB)")
    connection.execute(
        "CREATE TABLE advisories (ecosystem TEXT, name TEXT, id TEXT, value BLOB, PRIMARY KEY (ecosystem, name, id))"
        " WITHOUT ROWID"
    )
    count = _Count(job.base)
    try:
        connection.executemany("INSERT INTO advisories VALUES (?, ?, ?, ?)", count.rows(file, job.source))
    except sqlite3.IntegrityError as error:
        raise UnreadableError("lists an advisory twice", path=job.source.shown) from error
    if not count.seen:
        raise UnreadableError(f"holds no advisory of the ecosystem {job.base}", path=job.source.shown)
    connection.execute("INSERT INTO totals VALUES (?)", (msgspec.json.encode(count.totals()),))


class _Count:
    """Makes the rows of an index and counts them on the way."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._advisories = 0
        self._newest = ""
        self._releases: Counter[str] = Counter()
        self.seen = 0
        """Advisories of this ecosystem, withdrawn ones included."""

    def rows(self, file: BufferedReader, source: SourceFile) -> Iterator[tuple[str, str, str, bytes]]:
        for document in _documents(file, source):
            short = list(short_forms(document, self._base))
            self.seen += bool(short)
            if document.withdrawn or not short:
                continue
            self._advisories += 1
            self._newest = max(self._newest, document.modified)
            self._releases.update({ecosystem for ecosystem, _, _ in short})
            for ecosystem, name, advisory in short:
                yield ecosystem, canonical_name(ecosystem, name), advisory.id, _pack(advisory)

    def totals(self) -> Totals:
        releases = dict(sorted(self._releases.items()))
        return Totals(advisories=self._advisories, newest=self._newest, releases=releases)


def canonical_name(ecosystem: str, name: str) -> str:
    """Return a package's name as the index spells it."""
    from packaging.utils import canonicalize_name

    return canonicalize_name(name) if ecosystem == "PyPI" else name


def _pack(advisory: Advisory) -> bytes:
    return zlib.compress(msgspec.msgpack.encode(advisory), 1)


def _documents(file: BufferedReader, source: SourceFile) -> Iterator[Document]:
    decode = msgspec.json.Decoder(Document).decode
    for name, content in _entries(file, source):
        try:
            document = decode(content)
        except (ValueError, RecursionError) as error:  # msgspec's DecodeError and UnicodeDecodeError are ValueErrors
            raise _unparsable(source, name, str(error)) from error
        if not _ID.fullmatch(document.id):
            raise _unparsable(source, name, "its id is none")
        yield document


def _unparsable(source: SourceFile, name: str, why: str) -> UnreadableError:
    return UnreadableError(
        f"cannot be parsed: {name[:80]!r} in it is no advisory in OSV format ({why})",
        path=source.shown,
        hint="Fetch the file again",
    )


def _entries(file: BufferedReader, source: SourceFile) -> Iterator[tuple[str, bytes]]:
    """Yield (name, content) of the JSON files of a zip file, within the bounds."""
    total = 0
    largest = min(MAX_BYTES, MAX_RATIO * max(Path(source.path).stat().st_size, 1 << 16))
    try:
        with zipfile.ZipFile(file) as archive:
            for item in _listed(archive, file, source):
                with archive.open(item) as entry:
                    content = entry.read(MAX_ENTRY + 1)
                total += len(content)
                if len(content) > MAX_ENTRY or total > largest:
                    raise LimitError("unpacks to more than an advisory database can have", path=source.shown)
                if item.filename.endswith(".json"):
                    yield item.filename, content
    except _DAMAGE as error:
        raise UnreadableError(
            f"is no zip file or is damaged ({type(error).__name__})", path=source.shown, hint="Fetch the file again"
        ) from error


def _listed(archive: zipfile.ZipFile, file: BufferedReader, source: SourceFile) -> list[zipfile.ZipInfo]:
    items = archive.infolist()
    if len(items) > MAX_ENTRIES:
        raise LimitError(f"has more than {MAX_ENTRIES:,} entries", path=source.shown)
    if not has_all_entries(archive, file):
        raise UnreadableError("lists fewer files than it has", path=source.shown, hint="Fetch the file again")
    return items


class Index:
    """The advisories of one ecosystem, by package."""

    def __init__(self, file: IndexFile) -> None:
        self.totals = file.totals
        self._connection = open_store(file.path)
        self._decode = msgspec.msgpack.Decoder(Advisory).decode

    def close(self) -> None:
        self._connection.close()

    def knows(self, ecosystem: str) -> bool:
        """True if any advisory is about this ecosystem, release included."""
        return ecosystem in self.totals.releases

    def advisories(self, ecosystem: str, name: str) -> list[Advisory]:
        """Return what is known of a package, in the order of the advisories' ids."""
        rows = self._connection.execute(
            "SELECT value FROM advisories WHERE ecosystem = ? AND name = ? ORDER BY id",
            (ecosystem, canonical_name(ecosystem, name)),
        )
        return [self._decode(zlib.decompress(value)) for (value,) in rows]
