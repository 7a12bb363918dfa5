"""The index of one ecosystem: an SQLite file that answers by package name."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path

import msgspec

from gate.advisories.ingest import AdvisoryText, Totals, documents_of, fill, names_in
from gate.advisories.osv import Advisory
from gate.advisories.packing import COMMON, unpack
from gate.advisories.store import AdvisoryFile, keep, open_store
from gate.core import broker
from gate.core.errors import UnreadableError
from gate.ecosystems import canonical_name

__all__ = ["Index", "IndexFile", "IndexJob", "Totals", "form", "make_index", "open_index"]

_FORMAT = 9
"""Raise it when the tables or the rules of names change; changed advisories or packing show by themselves."""


class IndexJob(msgspec.Struct, frozen=True, kw_only=True):
    """What `make_index` needs."""

    base: str
    """The ecosystem without release, which is also the name of its folder."""
    source: AdvisoryFile


class IndexFile(msgspec.Struct, frozen=True, kw_only=True):
    """An index that is ready to be asked."""

    base: str
    path: str
    totals: Totals


@cache
def form() -> str:
    """Name the form in which indexes are stored: two programs that give the same name can read each other's."""
    shape = msgspec.json.encode(msgspec.json.schema(Advisory))
    return f"{_FORMAT}{hashlib.sha256(shape + COMMON).hexdigest()[:7]}"


def make_index(job: IndexJob) -> IndexFile:
    """Return the index for the file of `job`, which is one already, or a zip whose index is kept in the cache.

    Made for `Context.map`. Raises UnreadableError for a zip that cannot be read.
    """
    source = job.source
    if source.is_index:
        return open_index(job.base, Path(source.path))
    if broker.is_connected():
        return broker.ask("advisories.index", job, IndexFile)
    try:
        file = Path(source.path).open("rb")  # noqa: SIM115
    except OSError as error:
        raise UnreadableError(f"cannot be read ({error.strerror})", path=source.shown) from error
    with file:
        place = keep(
            source,
            job.base.replace(" ", "-"),
            file,
            lambda connection: fill(connection, job.base, documents_of(file, source.shown), source.shown),
            form=form(),
        )
    return open_index(job.base, place)


def open_index(base: str, place: Path) -> IndexFile:
    """Return the index that is stored at `place`."""
    with closing(open_store(place)) as connection:
        (totals,) = connection.execute("SELECT value FROM totals").fetchone()
    return IndexFile(base=base, path=str(place), totals=msgspec.json.decode(totals, type=Totals))


class Index:
    """The advisories of one ecosystem, by package."""

    def __init__(self, file: IndexFile) -> None:
        self.totals = file.totals
        self._connection = open_store(file.path)
        self._decode = msgspec.msgpack.Decoder(Advisory).decode
        self._decode_text = msgspec.msgpack.Decoder(AdvisoryText).decode

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
        return [self._decode(unpack(value)) for (value,) in rows]

    def changed_after(self, moment: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """Yield the id of each advisory that was modified after `moment`, a time in UTC, or at an unknown time.

        With it come the packages that it names, as ecosystem with release and canonical name; none if it is withdrawn.
        """
        query = "SELECT id, names FROM documents WHERE modified > ? OR modified = ''"
        for id, names in self._connection.execute(query, (moment,)):
            yield id, names_in(names)

    def ids_among(self, ids: Iterable[str]) -> set[str]:
        """Return those of `ids` that advisories of the index have, withdrawn ones included."""
        query = "SELECT 1 FROM documents WHERE id = ?"
        return {id for id in ids if self._connection.execute(query, (id,)).fetchone()}

    def links(self, id: str) -> tuple[str, ...]:
        """Return the addresses of pages about the advisory `id`."""
        row = self._connection.execute("SELECT value FROM texts WHERE id = ?", (id,)).fetchone()
        return self._decode_text(unpack(row[0])).links if row else ()
