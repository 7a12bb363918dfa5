"""Cached SQLite files, each made from a file of the source and named by the hash of its content.

A store is written to a temporary file and renamed, under a lock, so that an interrupted run leaves nothing half-written
and two runs do not do the same work. A checksum next to it is authenticated with this machine's key: a store that is
damaged, or was put there by others, is made again.
"""

import hashlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from io import BufferedReader
from pathlib import Path
from urllib.parse import quote

import msgspec

from gate.core.cache import Cache
from gate.core.errors import GateError

KEPT = 4
"""Generations of one store that stay in the cache folder."""


class AdvisoryFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of the source, on this machine."""

    path: str
    shown: str
    """Its name in the source, as messages say it: `npm/all.zip`."""
    cache_folder: str
    fresh: bool = False
    """Do not use a cached store; make it again."""
    is_index: bool = False
    """It is an index already, not what one is made from."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file `path`; wait while another process holds it."""
    import fcntl

    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def keep(
    source: AdvisoryFile, name: str, file: BufferedReader, fill: Callable[[sqlite3.Connection], None], *, form: str
) -> Path:
    """Return the store called `name` for the bytes of `file`; `fill` makes it if it is not there or damaged.

    `form` names what the tables look like: a store of another form is not this one.
    """
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    folder = Path(source.cache_folder)
    place = folder / f"{name}-v{form}-{digest[:32]}.sqlite"
    with writing(source.shown):
        folder.mkdir(parents=True, exist_ok=True)
        if source.fresh or not is_sound(place):
            with locked(folder / f"{name}.lock"):
                if source.fresh or not is_sound(place):
                    make_store(place, fill)
                    prune(folder, name)
    return place


@contextmanager
def writing(shown: str) -> Iterator[None]:
    """Turn the failure to write to the cache folder into a GateError that says what to do."""
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        raise GateError(
            f"the index of {shown} cannot be written ({error})",
            hint="Make the cache folder writable (XDG_CACHE_HOME) and see that its disk is not full",
        ) from error


def _checksum_of(place: Path) -> str:
    return f"{place.stem}.sha256"


def is_sound(place: Path) -> bool:
    """True if the store is there, whole and as this machine made it."""
    stated = Cache(place.parent).read(_checksum_of(place))
    try:
        return stated is not None and digest_of(place).encode() == stated
    except FileNotFoundError:
        return False


def make_store(place: Path, fill: Callable[[sqlite3.Connection], None], start: Path | None = None) -> None:
    """Make the store `place` with what `fill` writes, into an empty file or a copy of the store `start`."""
    with tempfile.TemporaryDirectory(dir=place.parent, prefix="new-") as folder:
        unfinished = Path(folder) / place.name
        if start is not None:
            shutil.copyfile(start, unfinished)
        with closing(sqlite3.connect(unfinished)) as connection, connection:
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA cache_size = -65536")
            fill(connection)
        adopt(unfinished, place)


def adopt(file: Path, place: Path) -> None:
    """Move a finished file to its place, its checksum first."""
    Cache(place.parent).write(_checksum_of(place), digest_of(file).encode())
    file.replace(place)


def digest_of(place: Path) -> str:
    """Return a file's SHA-256 in hexadecimal digits."""
    with place.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def prune(folder: Path, name: str, kept: int = KEPT) -> None:
    """Remove the oldest generations; a run that still reads one keeps its open file."""
    stores = sorted(folder.glob(f"{name}-v*.sqlite"), key=lambda place: place.stat().st_mtime_ns, reverse=True)
    for place in stores[kept:]:
        remove(place)


def remove(place: Path) -> None:
    """Remove a store and its checksum."""
    place.unlink(missing_ok=True)
    place.with_name(_checksum_of(place)).unlink(missing_ok=True)


def open_store(place: Path | str) -> sqlite3.Connection:
    """Open a store for reading."""
    return sqlite3.connect(f"file:{quote(os.fspath(place))}?mode=ro&immutable=1", uri=True)
