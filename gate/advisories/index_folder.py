"""The indexes of a source in this machine's cache, and what is known of each.

Next to an index lies a note (`npm-v….json`): which file is the index, and when it was checked with the source. The
note is replaced last, so that a failure before leaves the previous index in use. It is authenticated with this
machine's key: by a forged note, an older index would pass as fresh, and clear what it does not contain.
"""

import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

import msgspec

from gate.advisories.download import Tags
from gate.advisories.index import IndexFile, form, open_index
from gate.advisories.store import adopt, is_sound, make_store, open_store, prune, writing
from gate.core.cache import Cache

_GENERATIONS = 2
"""The current index and the previous one, which another run may be about to open."""


class IndexRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the index of one ecosystem."""

    base: str
    """The ecosystem without release."""
    store: str
    """The name of the index's file."""
    checked: datetime
    """When the source was last asked with success, and the index held all that it had."""
    whole: datetime
    """When the source's whole zip was last read."""
    list_tags: Tags = Tags()
    """The version of the list of changes that was read."""
    zip_tags: Tags = Tags()
    """The version of the zip that was read."""


class IndexFolder:
    """The folder that holds the indexes of one source."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def all(self) -> list[IndexRecord]:
        """Return the records of all ecosystems; damaged ones are left out."""
        notes = sorted(self.folder.glob(f"*-v{form()}.json"))
        return [record for record in map(self._read, notes) if record is not None]

    def record(self, base: str) -> IndexRecord | None:
        """Return the record of an ecosystem, or None if there is none, or its index is damaged."""
        return self._read(self._note(base))

    def _read(self, note: Path) -> IndexRecord | None:
        content = Cache(self.folder).read(note.name)
        try:
            record = msgspec.json.decode(content or b"", type=IndexRecord)
        except msgspec.MsgspecError:
            return None
        is_here = os.path.basename(record.store) == record.store and is_sound(self.place(record))
        return record if is_here else None

    def place(self, record: IndexRecord) -> Path:
        """Return where the index is."""
        return self.folder / record.store

    def index(self, record: IndexRecord) -> IndexFile:
        """Open the index."""
        return open_index(record.base, self.place(record))

    @contextmanager
    def times(self, record: IndexRecord) -> Iterator[Callable[[str], str | None]]:
        """Give a function that returns when a document of the index was modified, by its id."""
        find = "SELECT modified FROM documents WHERE id = ?"
        with closing(open_store(self.place(record))) as connection:
            yield lambda id: next((time for (time,) in connection.execute(find, (id,))), None)

    def newest(self, record: IndexRecord, until: datetime) -> str:
        """Return the latest time at which a document was modified that is not after `until`; empty if there is none."""
        query = "SELECT coalesce(max(modified), '') FROM documents WHERE modified <= ?"
        with closing(open_store(self.place(record))) as connection:
            (newest,) = connection.execute(query, (until.strftime("%Y-%m-%dT%H:%M:%SZ"),)).fetchone()
        return str(newest)

    def new_name(self, base: str) -> str:
        """Return a name for a new index of `base`."""
        return f"{_slug(base)}-v{form()}-{secrets.token_hex(8)}.sqlite"

    def make(
        self, record: IndexRecord, fill: Callable[[sqlite3.Connection], None], start: IndexRecord | None = None
    ) -> None:
        """Make the index of `record` from nothing or from that of `start`, then note it. Raises GateError."""
        with writing(record.base):
            make_store(self.place(record), fill, self.place(start) if start else None)
        self.note(record)

    def adopt(self, record: IndexRecord, file: Path) -> None:
        """Move a finished index to its place, then note it. Raises GateError."""
        with writing(record.base):
            adopt(file, self.place(record))
        self.note(record)

    def note(self, record: IndexRecord) -> None:
        """Write the note; from then on the index is used."""
        note = self._note(record.base)
        with writing(record.base):
            Cache(self.folder).write(note.name, msgspec.json.encode(record))
            prune(self.folder, _slug(record.base), _GENERATIONS)

    def _note(self, base: str) -> Path:
        return self.folder / f"{_slug(base)}-v{form()}.json"


def _slug(base: str) -> str:
    return base.replace(" ", "-")
