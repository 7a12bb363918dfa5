"""Generations of the index in a store: each is made of the one before and the records that came since.

A generation is a small file with a number, which only one writer can create, and names an SQLite file by its digest.
A writer that comes second builds on what the first has published. So nothing is lost without a lock, and the order
of clocks does not matter. A reader that cannot write to the store folds what is pending for itself.
"""

import atexit
import hashlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote

import msgspec

from gate.core.cache import Cache, make_folder
from gate.core.cache_folder import user_cache_folder
from gate.core.errors import GateError, UnavailableError, UnreadableError
from gate.core.file_stamp import stamp
from gate.fleet.index_tables import check_tables, create, fold_all
from gate.fleet.store import FleetStore
from gate.fleet.store_files import LocalStoreFiles

_FOLDER, _DATABASES = "indexes", "databases"
_KEPT = 2
"""Generations that stay: readers may still have the last but one open."""
_TRIES = 5
"""How often a writer builds on the work of another that was faster."""
_Notes = dict[str, bytes]
_AGAIN = "gate store index --again makes a new one of the records"


class Generation(msgspec.Struct, frozen=True, kw_only=True):
    """One generation of the index."""

    number: int
    database: str
    """SHA-256 of the SQLite file."""
    records: int
    """Records that it is made of, older ones of the same targets included."""


def latest(store: FleetStore) -> Generation | None:
    """Return the latest generation; None if there is none. Raises UnreadableError if it cannot be parsed."""
    numbers = _numbers(store)
    if not numbers:
        return None
    found = _generation(store, numbers[-1])
    if found is None:
        raise UnreadableError(f"the index {numbers[-1]} cannot be parsed", path=store.shown, hint=_AGAIN)
    return found


@contextmanager
def opened(store: FleetStore) -> Iterator[sqlite3.Connection]:
    """Open the index with all records of the store, those that are pending included. Raises GateError."""
    with _reading(store), closing(_connect(bring_up_to_date(store), is_read_only=True)) as connection:
        check_tables(connection, store.shown)
        yield connection


def bring_up_to_date(store: FleetStore) -> Path:
    """Return the index as a file of this machine; what was pending is in it, and published if that is possible.

    A reader that may not write to the store gets a file that lasts as long as the process.
    """
    for _ in range(_TRIES):
        before, pending = latest(store), store.pending()
        if before is not None and not pending:
            return _local(store, before)
        made = _fold(store, before, pending)
        try:
            published = _create(store, _next(before), made, len(pending) + (before.records if before else 0))
        except UnavailableError:
            atexit.register(made.unlink, missing_ok=True)
            return made
        if published is not None:
            _settle(store, published)
            return _local(store, published)
        made.unlink(missing_ok=True)
    raise _too_slow(store)


def rebuild(store: FleetStore) -> Generation:
    """Make the index again of all records; what re-judging has said is lost until it is done again."""
    for _ in range(_TRIES):
        digests = sorted(store.records())
        made = _fold(store, None, digests)
        published = _create(store, max(_numbers(store), default=0) + 1, made, len(digests))
        if published is not None:
            _settle(store, published)
            return published
        made.unlink(missing_ok=True)
    raise _too_slow(store)


@contextmanager
def changing(store: FleetStore) -> Iterator[sqlite3.Connection]:
    """Open a copy of the up-to-date index for changes, and publish it at the end as the next generation.

    Records that other writers have indexed meanwhile are taken up. Raises UnavailableError if another one has judged or
    made the index again: the work has to be repeated.
    """
    start = bring_up_to_date(store)
    made = _work_file(start)
    try:
        with _reading(store), closing(_connect(made)) as connection:
            check_tables(connection, store.shown)
            notes = _notes(connection)
            yield connection
            connection.commit()
        for _ in range(_TRIES):
            newest = latest(store)
            if newest is None:
                break
            _take_up(store, newest, notes, made)
            if _create(store, newest.number + 1, made, newest.records) is not None:
                return
        raise _too_slow(store)
    finally:
        made.unlink(missing_ok=True)


def _take_up(store: FleetStore, newest: Generation, notes: _Notes, made: Path) -> None:
    """Fold into `made` the records that another generation has besides. Raises UnavailableError for other notes."""
    with _reading(store), closing(_connect(_local(store, newest), is_read_only=True)) as theirs:
        if _notes(theirs) != notes:
            raise UnavailableError("the index was changed in the meantime", path=store.shown, hint="Do it again")
        records = _records(theirs)
    with _reading(store), closing(_connect(made)) as connection:
        fold_all(connection, store, sorted(records - _records(connection)))
        connection.commit()


def _notes(connection: sqlite3.Connection) -> _Notes:
    """Return what an index says of itself as a whole, such as by what it was judged."""
    return dict(connection.execute("SELECT name, value FROM note"))


def _records(connection: sqlite3.Connection) -> set[str]:
    return {digest.hex() for (digest,) in connection.execute("SELECT digest FROM record")}


def current_records(store: FleetStore) -> set[str]:
    """Return the digests of the latest record of each target."""
    with opened(store) as connection:
        return {record.hex() for (record,) in connection.execute("SELECT record FROM subject")}


@contextmanager
def _reading(store: FleetStore) -> Iterator[None]:
    """Turn what SQLite raises into a GateError: a damaged file, or a disk that is full."""
    try:
        yield
    except sqlite3.OperationalError as error:
        hint = "See that the cache folder (XDG_CACHE_HOME) can be written and its disk is not full"
        raise GateError(f"the index cannot be used ({error})", path=store.shown, hint=hint) from error
    except sqlite3.DatabaseError as error:
        raise UnreadableError("the index is damaged", path=store.shown, hint=_AGAIN) from error


def _too_slow(store: FleetStore) -> UnavailableError:
    return UnavailableError("other writers publish faster than this one", path=store.shown, hint="Try again")


def _numbers(store: FleetStore) -> list[int]:
    names = (name.rpartition("/")[2] for name in store.files.names(_FOLDER))
    return sorted(int(name) for name in names if name.isdecimal())


def _next(before: Generation | None) -> int:
    return before.number + 1 if before else 1


def _fold(store: FleetStore, before: Generation | None, digests: Sequence[str]) -> Path:
    """Return a new file with the tables of the generation `before` and these records."""
    made = _work_file(_local(store, before) if before else None)
    try:
        with _reading(store), closing(_connect(made)) as connection:
            if before is None:
                create(connection)
            check_tables(connection, store.shown)
            fold_all(connection, store, digests)
            connection.commit()
    except BaseException:
        made.unlink(missing_ok=True)
        raise
    return made


def _create(store: FleetStore, number: int, made: Path, records: int) -> Generation | None:
    """Publish a file as the generation `number`; None if another writer was faster. Raises UnavailableError."""
    digest = _digest_of(made)
    store.files.write(f"{_DATABASES}/{digest}", made.read_bytes())
    generation = Generation(number=number, database=digest, records=records)
    if not store.files.create(f"{_FOLDER}/{number:08}", msgspec.json.encode(generation)):
        return None
    _adopt(store, made, digest)
    _delete_old(store, number)
    return generation


def _settle(store: FleetStore, generation: Generation) -> None:
    """Take the marks of what a published generation has from what is pending."""
    with _reading(store), closing(_connect(_local(store, generation), is_read_only=True)) as connection:
        query = "SELECT 1 FROM record WHERE digest = ?"
        store.settle(one for one in store.pending() if connection.execute(query, (bytes.fromhex(one),)).fetchone())


def _delete_old(store: FleetStore, number: int) -> None:
    """Delete the generations before the last ones, and their databases."""
    kept = {one.database for one in map(partial(_generation, store), _numbers(store)[-_KEPT:]) if one}
    for old in _numbers(store)[:-_KEPT]:
        gone = _generation(store, old)
        if gone is not None and gone.database not in kept:
            store.files.delete(f"{_DATABASES}/{gone.database}")
        store.files.delete(f"{_FOLDER}/{old:08}")


def _generation(store: FleetStore, number: int) -> Generation | None:
    """Return a generation; None if it is gone or cannot be parsed."""
    try:
        return msgspec.json.decode(store.files.read(f"{_FOLDER}/{number:08}") or b"", type=Generation)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _local(store: FleetStore, generation: Generation) -> Path:
    """Return the database of a generation as a file of this machine, whose digest was checked once."""
    name = f"{_DATABASES}/{generation.database}"
    place = store.files.folder / name if isinstance(store.files, LocalStoreFiles) else _kept(generation.database)
    if not place.is_file():
        content = store.files.read(name)
        if content is None:
            raise UnreadableError(f"the index {generation.database[:12]} is missing", path=store.shown, hint=_AGAIN)
        make_folder(place.parent)
        place.write_bytes(content)
    if not _is_checked(place, generation.database):
        if _digest_of(place) != generation.database:
            raise UnreadableError(f"the index {generation.database[:12]} is damaged", path=store.shown, hint=_AGAIN)
        _mark_checked(place, generation.database)
    return place


def _kept(digest: str) -> Path:
    return user_cache_folder() / "fleet" / f"{digest}.sqlite"


def _adopt(store: FleetStore, made: Path, digest: str) -> None:
    """Keep a file that was published for the next reading, if the store is not on this machine."""
    if isinstance(store.files, LocalStoreFiles):
        made.unlink(missing_ok=True)
    else:
        made.replace(_kept(digest))


def _is_checked(place: Path, digest: str) -> bool:
    return Cache(user_cache_folder()).read(f"fleet/{digest}.checked") == stamp(place.stat()).encode()


def _mark_checked(place: Path, digest: str) -> None:
    Cache(user_cache_folder()).write(f"fleet/{digest}.checked", stamp(place.stat()).encode())


def _digest_of(place: Path) -> str:
    with place.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _work_file(start: Path | None) -> Path:
    """Return a new file in the cache folder, a copy of `start` if there is one. Raises GateError."""
    folder = user_cache_folder() / "fleet"
    try:
        make_folder(folder)
        descriptor, name = tempfile.mkstemp(dir=folder, prefix="work-", suffix=".sqlite")
        os.close(descriptor)
        if start is not None:
            shutil.copyfile(start, name)
    except OSError as error:
        raise GateError(f"the cache folder cannot be written ({error.strerror})", path=str(folder)) from error
    return Path(name)


def _connect(place: Path, *, is_read_only: bool = False) -> sqlite3.Connection:
    if is_read_only:
        return sqlite3.connect(f"file:{quote(os.fspath(place))}?mode=ro&immutable=1", uri=True)
    connection = sqlite3.connect(place)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -262144")
    return connection
