"""Storage of the cache's results: one SQLite file a folder, bounded, safe for parallel runs, a mark on each row."""

import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from itertools import islice
from pathlib import Path

from gate.core.machine_key import Marker, is_same

MAX_BYTES = 256 << 20
"""Bytes of the file at most; beyond it the half of the rows that was not used for longest is deleted."""
_WAIT_S = 2.0
"""Seconds to wait for a parallel run to finish writing."""
_KEYS_AT_ONCE = 500
"""Keys of one SELECT: SQLite before 3.32 takes no more than 999 variables in a statement."""
_DAY_S = 86_400
_TABLE = "CREATE TABLE IF NOT EXISTS answer (key BLOB PRIMARY KEY, value BLOB, proof BLOB, day INT) WITHOUT ROWID"


def read_answers(file: Path, keys: list[bytes], mark: Marker) -> dict[bytes, bytes]:
    """Return the results that are stored under `keys` and whose mark is right, by key."""
    try:
        with closing(_open(file)) as connection:
            return dict(_authentic(_select(connection, keys), mark))
    except sqlite3.Error as error:
        _remove_if_damaged(file, error)
        return {}


def write_answers(file: Path, answers: Mapping[bytes, bytes], mark: Marker) -> None:
    """Write results with their marks, in one transaction."""
    try:
        with closing(_open(file)) as connection, connection:
            connection.executemany("INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?)", _rows(answers, mark))
            _evict_oldest(connection)
    except sqlite3.Error as error:
        _remove_if_damaged(file, error)
    except OSError:  # a folder that cannot be written
        return


def _open(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=_WAIT_S)
    try:
        file.chmod(0o600)
        # A power cut may damage the file, which is then removed; waiting for the disk would slow every run.
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(_TABLE)
    except (sqlite3.Error, OSError):
        connection.close()
        raise
    return connection


def _remove_if_damaged(file: Path, error: sqlite3.Error) -> None:
    """Remove a file that is no database any more. One that is busy or full (OperationalError) stays."""
    if not isinstance(error, sqlite3.OperationalError):
        file.unlink(missing_ok=True)


def _select(connection: sqlite3.Connection, keys: list[bytes]) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield (key, value, mark) of the rows with these keys, and set the day of their last use to today."""
    left = iter(sorted(keys))  # in the order of the rows, so that each page is read once
    while part := list(islice(left, _KEYS_AT_ONCE)):
        holes = ",".join("?" * len(part))
        found = connection.execute(f"SELECT key, value, proof, day FROM answer WHERE key IN ({holes})", part)  # noqa: S608
        rows = found.fetchall()
        yield from (row[:3] for row in rows)
        stale = [(_today(), key) for key, *_, day in rows if day != _today()]
        if stale:
            with connection:
                connection.executemany("UPDATE answer SET day = ? WHERE key = ?", stale)


def _authentic(rows: Iterable[tuple[bytes, bytes, bytes]], mark: Marker) -> Iterator[tuple[bytes, bytes]]:
    for key, value, proof in rows:
        if isinstance(value, bytes) and is_same(proof, mark(key + value)):
            yield key, value


def _rows(answers: Mapping[bytes, bytes], mark: Marker) -> Iterator[tuple[bytes, bytes, bytes, int]]:
    return ((key, value, mark(key + value), _today()) for key, value in answers.items())


def _today() -> int:
    return int(time.time() // _DAY_S)


def _evict_oldest(connection: sqlite3.Connection) -> None:
    """Delete half of the rows, those that were not used for longest, if they take more than MAX_BYTES."""
    pages, free, size = (
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
    )
    if (pages - free) * size <= MAX_BYTES:
        return
    half = connection.execute("SELECT count(*) / 2 FROM answer").fetchone()[0]
    connection.execute("DELETE FROM answer WHERE key IN (SELECT key FROM answer ORDER BY day, key LIMIT ?)", (half,))
