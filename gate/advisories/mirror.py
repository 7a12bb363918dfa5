"""The advisories of a web source: a first fetch is the whole zip, later ones are what changed."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from gate.advisories import delta
from gate.advisories.download import Tags, Tell, download, no_progress, tags_of
from gate.advisories.index_folder import IndexFolder, IndexRecord
from gate.advisories.ingest import change, documents_of, fill, parse
from gate.advisories.osv import Document
from gate.advisories.store import locked, writing
from gate.core.errors import LimitError, UnreadableError
from gate.core.web import CONNECTIONS, Web, expect, is_absent, pieces

MAX_LIST = 256 << 20
"""Bytes of a list of changes."""
MAX_RECORD = 8 << 20
"""Bytes of an advisory that is fetched by itself; a larger one comes with the whole zip."""
WHOLE_AFTER = timedelta(days=30)
"""The whole zip is fetched this often, because lists of changes do not name records that were removed."""
_EPOCH = datetime.fromtimestamp(0, UTC)


class Mirror:
    """Brings the indexes of a web source up to date."""

    def __init__(self, web: Web, indexes: IndexFolder, now: datetime, tell: Tell = no_progress) -> None:
        self._web = web
        self._indexes = indexes
        self._now = now
        self._tell = tell

    def refresh(self, base: str, *, trust: bool = True) -> IndexRecord | None:
        """Ask the source for what is new of an ecosystem; None if it has no such ecosystem.

        Without `trust` what is kept does not count. Raises UnavailableError if the source cannot be asked, and
        UnreadableError or LimitError for what cannot be read; what is kept then stays as it is.
        """
        with writing(base):
            self._indexes.folder.mkdir(parents=True, exist_ok=True)
            with locked(self._indexes.folder / f"{base.replace(' ', '-')}.lock"):
                return self._refresh(base, self._indexes.record(base) if trust else None)

    def _refresh(self, base: str, record: IndexRecord | None) -> IndexRecord | None:
        if record is None or self._now - record.whole > WHOLE_AFTER:
            return self._whole(base, record)
        try:
            changed = self._changes(record)
        except (delta.TooManyError, LimitError):
            return self._whole(base, None)
        return changed or self._whole(base, record)

    def _whole(self, base: str, record: IndexRecord | None) -> IndexRecord | None:
        """Fetch the zip, if it is another than the one that was read, and make a new index."""
        place = self._indexes.folder / f"{base.replace(' ', '-')}.zip"
        place.unlink(missing_ok=True)  # of a run that was killed
        name = f"{base}/all.zip"
        tags = download(self._web, name, place, record.zip_tags if record else None, tell=self._tell)
        if tags is None:
            return None
        if not place.exists():
            assert record is not None
            return self._noted(record, whole=self._now)
        try:
            return self._made(base, name, place, tags)
        finally:
            place.unlink()

    def _made(self, base: str, name: str, place: Path, tags: Tags) -> IndexRecord:
        record = IndexRecord(
            base=base, store=self._indexes.new_name(base), checked=self._now, whole=self._now, zip_tags=tags
        )
        with place.open("rb") as file:
            self._indexes.make(record, lambda connection: fill(connection, base, documents_of(file, name), name))
        return record

    def _noted(self, record: IndexRecord, **changes: object) -> IndexRecord:
        record = msgspec.structs.replace(record, checked=self._now, **changes)
        self._indexes.note(record)
        return record

    def _changes(self, record: IndexRecord) -> IndexRecord | None:
        """Fetch what changed; None if the source has no list of changes."""
        name = f"{record.base}/modified_id.csv"
        with self._web.ask(name, record.list_tags.conditions) as response:
            if response.status_code == 304:
                return self._noted(record)
            if is_absent(response):
                return None
            expect(response, name, 200)
            cursor = delta.moment(self._indexes.newest(record, self._now)) or _EPOCH
            lines = delta.lines_of(pieces(response, name, MAX_LIST), name)
            with self._indexes.times(record) as modified:
                ids = delta.changed(lines, cursor, modified, name)
            tags = tags_of(response)
        if not ids:
            return self._noted(record, list_tags=tags)
        return self._changed(record, ids, tags)

    def _changed(self, record: IndexRecord, ids: Sequence[str], tags: Tags) -> IndexRecord:
        gone: list[str] = []
        new = msgspec.structs.replace(
            record, store=self._indexes.new_name(record.base), checked=self._now, list_tags=tags
        )
        documents = self._documents(record.base, ids, gone)
        self._indexes.make(new, lambda connection: change(connection, record.base, documents, gone), start=record)
        return new

    def _documents(self, base: str, ids: Sequence[str], gone: list[str]) -> Iterator[Document]:
        """Yield the advisories `ids`; those that the source no longer has are added to `gone`."""
        with ThreadPoolExecutor(CONNECTIONS) as threads:
            for batch in _batches(ids, 4 * CONNECTIONS):
                names = [f"{base}/{id}.json" for id in batch]
                contents = threads.map(lambda name: self._web.read(name, MAX_RECORD), names)
                for id, name, content in zip(batch, names, contents, strict=True):
                    if content is None:
                        gone.append(id)
                    else:
                        yield _with_id(parse(content, name, name), id, name)


def _with_id(document: Document, id: str, name: str) -> Document:
    if document.id != id:
        raise UnreadableError(f"is the advisory {document.id[:60]}, not {id}", path=name, hint="Use another mirror")
    return document


def _batches(ids: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
