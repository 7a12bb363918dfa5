"""Answers of analysers, kept from run to run: one bounded file, safe for parallel runs, never trusted.

An answer is kept under a digest of all that it depends on: the content's id, and what looked at it with which
settings. Nothing that an attacker could use may be in an answer; see `docs/decisions/0006-what-is-cached.md`.
"""

import hashlib
import os
import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from itertools import islice
from pathlib import Path

from gate import __version__

MAX_BYTES = 256 << 20
"""Of all answers; beyond it the half that was not used for longest is forgotten."""
KEY_SIZE = 16
_FILE = "answers-1.sqlite"
_WAIT_S = 2.0
"""For a parallel run to finish writing."""
_AT_ONCE = 500
_DAY_S = 86_400
_TABLE = "CREATE TABLE IF NOT EXISTS answer (key BLOB PRIMARY KEY, value BLOB, proof BLOB, day INT) WITHOUT ROWID"


def key_of(*parts: str | bytes) -> bytes:
    """Return the key of an answer that depends on `parts`, their order and their borders included."""
    digest = hashlib.blake2b(digest_size=KEY_SIZE)
    for part in parts:
        raw = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(raw) + raw)
    return digest.digest()


def modules_in(folder: Path) -> "list[os.DirEntry[str]]":
    """Return the Python files in a folder and below it, in the order of their paths."""
    return sorted(_modules(str(folder)), key=lambda file: file.path)


def _modules(folder: str) -> "Iterator[os.DirEntry[str]]":
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _modules(entry.path)
            elif entry.name.endswith(".py"):
                yield entry


def code_key(files: "Iterable[Path | os.DirEntry[str]]", *more: str) -> bytes:
    """Name the code in `files` by their names, sizes and times, beside the gate's and Python's versions."""
    stats = ((file.name, file.stat()) for file in files)
    stamps = [f"{name} {status.st_size} {status.st_mtime_ns}" for name, status in stats]
    return key_of(__version__, sys.version, *stamps, *more)


class Cache:
    """The answers in one folder. What cannot be read or written costs time and nothing else."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / _FILE

    def get(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """Return the answers that are known, by key; a damaged one is not."""
        if not is_ours_alone(self._file):
            return {}
        try:
            with closing(self._open()) as connection:
                return dict(_sound(_select(connection, list(keys))))
        except sqlite3.Error as error:
            self._give_up(error)
            return {}

    def put(self, answers: Mapping[bytes, bytes]) -> None:
        """Keep `answers`, in one step."""
        if not answers or (self._file.exists() and not is_ours_alone(self._file)):
            return
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with closing(self._open()) as connection, connection:
                connection.executemany("INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?)", _rows(answers))
                _forget_the_oldest(connection)
        except sqlite3.Error as error:
            self._give_up(error)
        except OSError:  # a folder that cannot be written
            return

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._file, timeout=_WAIT_S)
        try:
            self._file.chmod(0o600)
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute(_TABLE)
        except (sqlite3.Error, OSError):
            connection.close()
            raise
        return connection

    def _give_up(self, error: sqlite3.Error) -> None:
        """Remove a file that is no database any more. One that is only busy or full stays."""
        if not isinstance(error, sqlite3.OperationalError):
            self._file.unlink(missing_ok=True)


def is_ours_alone(file: Path) -> bool:
    """True if `file` is there and nobody else could have written it."""
    if file.is_symlink() or not file.is_file():
        return False
    if os.name != "posix":
        return True
    status = file.stat()
    return status.st_uid == os.getuid() and not status.st_mode & 0o022


def _select(connection: sqlite3.Connection, keys: list[bytes]) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield (key, value, proof); the rows are marked as used today."""
    left = iter(keys)
    while part := list(islice(left, _AT_ONCE)):
        marks = ",".join("?" * len(part))
        found = connection.execute(f"SELECT key, value, proof, day FROM answer WHERE key IN ({marks})", part)  # noqa: S608
        rows = found.fetchall()
        yield from (row[:3] for row in rows)
        stale = [(_today(), key) for key, *_, day in rows if day != _today()]
        if stale:
            with connection:
                connection.executemany("UPDATE answer SET day = ? WHERE key = ?", stale)


def _sound(rows: Iterable[tuple[bytes, bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
    for key, value, proof in rows:
        if isinstance(value, bytes) and proof == _proof(key, value):
            yield key, value


def _rows(answers: Mapping[bytes, bytes]) -> Iterator[tuple[bytes, bytes, bytes, int]]:
    return ((key, value, _proof(key, value), _today()) for key, value in answers.items())


def _proof(key: bytes, value: bytes) -> bytes:
    """Return what shows that a value is whole; it is no protection against somebody who can write the file."""
    return hashlib.blake2b(key + value, digest_size=8).digest()


def _today() -> int:
    return int(time.time() // _DAY_S)


def _forget_the_oldest(connection: sqlite3.Connection) -> None:
    pages, free, size = (
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
    )
    if (pages - free) * size <= MAX_BYTES:
        return
    half = connection.execute("SELECT count(*) / 2 FROM answer").fetchone()[0]
    connection.execute("DELETE FROM answer WHERE key IN (SELECT key FROM answer ORDER BY day, key LIMIT ?)", (half,))
