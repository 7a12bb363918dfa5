"""rpm's database as SQLite: the table `Packages` with a `blob` for each package."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

from gate.inventory.installed.packages import unparsable

_MAX_STEPS = 20_000
"""Thousands of instructions of SQLite's machine; a read of 100,000 packages takes a hundred times less."""
_WRITE_AHEAD = slice(18, 20)
"""Bytes of the file's header that ask for a write-ahead log, which an image in memory cannot have."""
_LEGACY = b"\1\1"


def blobs(content: bytes, path: str) -> Iterator[bytes]:
    """Yield the blobs of the database in `content`, which is read in memory."""
    database = content[: _WRITE_AHEAD.start] + _LEGACY + content[_WRITE_AHEAD.stop :]
    with closing(sqlite3.connect(":memory:")) as connection:
        steps = iter(range(_MAX_STEPS))
        connection.set_progress_handler(lambda: next(steps, None) is None, 1000)
        try:
            connection.deserialize(database)
            connection.execute("PRAGMA trusted_schema = OFF")
            _require_table(connection, path)
            for (blob,) in connection.execute("SELECT blob FROM Packages ORDER BY hnum"):
                if not isinstance(blob, bytes):
                    raise unparsable(path, "a package is no blob")
                yield blob
        except (sqlite3.Error, OverflowError, UnicodeDecodeError) as error:
            raise unparsable(path, f"SQLite says: {str(error)[:100]}") from error


def _require_table(connection: sqlite3.Connection, path: str) -> None:
    """Refuse a view in the table's place: it could compute without end."""
    found = connection.execute("SELECT type FROM sqlite_master WHERE name = 'Packages'").fetchall()
    if found != [("table",)]:
        raise unparsable(path, "it has no table of packages")
