"""The store: what was read of repositories and images, by the digest of its content.

    store.json               format, organisation
    objects/ab/abcd…         package lists and reports
    records/ab/abcd…         one reading each (`FleetRecord`)
    pending/abcd…            names of records that no index has yet
    indexes/00000012-abcd…   generations of the index, made of the records: `gate.fleet.generations`
    contexts/…               what runs where, by source: `gate.fleet.contexts`
    ledger/…                 what a fleet run has finished: `gate.fleet.ledger`

Nothing is changed in place. What is read is verified by its digest, bounded, and of a known format, or it is an error.
The store holds no secret: findings and reports are masked before they get here. Those who may write to it decide
what it says, so access to the folder or bucket is the organisation's to give.
"""

import hashlib
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

import msgspec
import zstandard

from gate.core.durations import timedelta_of
from gate.core.errors import LimitError, UnreadableError, UsageError
from gate.fleet.records import FORMAT, FleetRecord, RecordOrder
from gate.fleet.store_files import StoreFiles, open_files
from gate.model import Package

Shape = TypeVar("Shape")

MARK = "store.json"
MAX_OBJECT = 256 << 20
"""Bytes of one object, uncompressed."""
_LEVEL = 9
"""Compression level of zstd: a third smaller than the fastest, at 5 MB/s of reports."""
_IN_FLIGHT = 86_400.0
"""Seconds for which an object that no record names is left: its record may be about to be written."""
_OBJECTS, _RECORDS, _PENDING = "objects", "records", "pending"
_HINT = "Add what it is made from again, or restore the store"


class StoreMark(msgspec.Struct, frozen=True, kw_only=True):
    """What a store says of itself."""

    format: int = FORMAT
    organisation: str = ""
    """Whose store it is; empty if that was not said."""


class StoreTotals(msgspec.Struct, frozen=True, kw_only=True):
    """What a store holds."""

    records: int
    objects: int
    pending: int
    """Records that no index has yet."""


class FleetStore:
    """The store at an address. Every method raises GateError for what cannot be read or written."""

    def __init__(self, files: StoreFiles, mark: StoreMark) -> None:
        self.files = files
        self.mark = mark
        self._known: set[str] = set()

    @property
    def shown(self) -> str:
        return self.files.shown

    def put(self, content: object) -> str:
        """Store an object and return its digest; one that is there is not written again."""
        return self._put(_OBJECTS, msgspec.msgpack.encode(content))

    def put_bytes(self, content: bytes) -> str:
        """Store bytes as they are, as `put` does."""
        return self._put(_OBJECTS, content)

    def add(self, record: FleetRecord) -> str:
        """Store a record, for the next index to take up; return its digest."""
        digest = self._put(_RECORDS, msgspec.msgpack.encode(record))
        self.files.write(f"{_PENDING}/{digest}", b"")
        return digest

    def packages(self, digest: str) -> tuple[Package, ...]:
        """Return a list of packages."""
        return self._get(_OBJECTS, digest, tuple[Package, ...])

    def report(self, digest: str) -> bytes:
        """Return a JSON report as it was written."""
        return self._content(_OBJECTS, digest)

    def record(self, digest: str) -> FleetRecord:
        """Return a record."""
        record = self._get(_RECORDS, digest, FleetRecord)
        if record.format != FORMAT:
            raise _strange(self.shown, f"the record {digest[:12]} has format {record.format}")
        return record

    def order_of(self, digest: str) -> RecordOrder:
        """Return the order of a record, without reading the rest of it."""
        return self._get(_RECORDS, digest, RecordOrder)

    def records(self) -> Iterator[str]:
        """Yield the digests of all records."""
        return (name.rpartition("/")[2] for name in self.files.names(_RECORDS))

    def pending(self) -> list[str]:
        """Return the digests of the records that no index has yet, sorted."""
        return sorted(name.rpartition("/")[2] for name in self.files.names(_PENDING))

    def settle(self, digests: Iterable[str]) -> None:
        """Say that an index which is published has these records."""
        for digest in digests:
            self.files.delete(f"{_PENDING}/{digest}")

    def totals(self) -> StoreTotals:
        return StoreTotals(
            records=sum(1 for _ in self.records()),
            objects=sum(1 for _ in self.files.names(_OBJECTS)),
            pending=len(self.pending()),
        )

    def verify(self) -> Iterator[str]:
        """Yield a sentence for each object or record that is damaged, of another format, or missing."""
        named: set[str] = set()
        for digest in self.records():
            try:
                named |= _named_by(self.record(digest))
            except (UnreadableError, LimitError) as error:
                yield str(error)
        there = {name.rpartition("/")[2] for name in self.files.names(_OBJECTS)}
        for digest in sorted(there):
            try:
                self._content(_OBJECTS, digest)
            except (UnreadableError, LimitError) as error:
                yield str(error)
        for digest in sorted(named - there):
            yield f"{self.shown}: the object {digest[:12]} is missing. {_HINT}"

    def prune(self, kept: set[str], older_than: str, now: float | None = None) -> tuple[int, int]:
        """Delete the records that are not `kept` and older, then the objects that no record names.

        `older_than` is a time such as `90d`. Returns the numbers of records and objects that were deleted.
        """
        now = time.time() if now is None else now
        oldest = timedelta_of(older_than).total_seconds()
        gone, named = 0, set[str]()
        for digest in list(self.records()):
            name = _name(_RECORDS, digest)
            if digest not in kept and self.files.age(name, now) > oldest:
                self.files.delete(name)
                self.files.delete(f"{_PENDING}/{digest}")
                gone += 1
            else:
                named |= _named_by(self.record(digest))
        return gone, self._sweep(named, now)

    def _sweep(self, named: set[str], now: float) -> int:
        swept = 0
        for name in list(self.files.names(_OBJECTS)):
            if name.rpartition("/")[2] not in named and self.files.age(name, now) > _IN_FLIGHT:
                self.files.delete(name)
                swept += 1
        return swept

    def _put(self, folder: str, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        if digest in self._known:
            return digest
        name = _name(folder, digest)
        # An older one is written again: it may be one that no record names any more, and that is about to be pruned.
        if not self.files.exists(name) or self.files.age(name, time.time()) > _IN_FLIGHT / 2:
            self.files.write(name, zstandard.compress(content, _LEVEL))
        self._known.add(digest)
        return digest

    def _content(self, folder: str, digest: str) -> bytes:
        stored = self.files.read(_name(folder, digest))
        if stored is None:
            raise _damaged(self.shown, digest, "is missing")
        return checked_content(self.shown, digest, stored)

    def _get(self, folder: str, digest: str, shape: type[Shape]) -> Shape:
        try:
            return msgspec.msgpack.decode(self._content(folder, digest), type=shape)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise _damaged(self.shown, digest, "is of another kind") from error


def checked_content(shown: str, digest: str, stored: bytes, hint: str = _HINT) -> bytes:
    """Return what was compressed, once it is within bounds and has its digest. Raises UnreadableError or LimitError."""
    try:
        size = zstandard.frame_content_size(stored)
        if size > MAX_OBJECT:
            raise LimitError(f"the object {digest[:12]} has more than {MAX_OBJECT:,} bytes", path=shown)
        content = zstandard.decompress(stored, max_output_size=MAX_OBJECT)
    except zstandard.ZstdError as error:
        raise _damaged(shown, digest, "is damaged", hint) from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise _damaged(shown, digest, "is not what its digest says", hint)
    return content


def make_store(address: str, organisation: str = "") -> FleetStore:
    """Make a store at a folder or address that has none. Raises UsageError if there is one."""
    files = open_files(address)
    mark = StoreMark(organisation=organisation)
    if not files.create(MARK, msgspec.json.format(msgspec.json.encode(mark)) + b"\n"):
        raise UsageError("there is a store already", path=files.shown, hint="gate store info describes it")
    return FleetStore(files, mark)


def open_store(address: str, organisation: str | None = None) -> FleetStore:
    """Open the store at an address.

    With `organisation`, it has to be that one's. Raises UsageError if there is none, or it is another organisation's or
    of another format.
    """
    files = open_files(address)
    content = files.read(MARK)
    if content is None:
        raise UsageError("there is no store", path=files.shown, hint=f"Make one: gate store init --store {files.shown}")
    try:
        mark = msgspec.json.decode(content, type=StoreMark)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UnreadableError(f"{MARK} cannot be parsed", path=files.shown, hint=_HINT) from error
    if mark.format != FORMAT:
        raise _strange(files.shown, f"the store has format {mark.format}")
    if organisation is not None and mark.organisation != organisation:
        stated = f"of {mark.organisation!r}" if mark.organisation else "of no organisation"
        raise UsageError(f"the store is {stated}, not of {organisation!r}", path=files.shown)
    return FleetStore(files, mark)


def _name(folder: str, digest: str) -> str:
    return f"{folder}/{digest[:2]}/{digest}"


def _named_by(record: FleetRecord) -> set[str]:
    """Return the digests of the objects that a record names."""
    return {*(one.packages for one in record.placements), *([record.report] if record.report else [])}


def _damaged(shown: str, digest: str, why: str, hint: str = _HINT) -> UnreadableError:
    return UnreadableError(f"the object {digest[:12]} {why}", path=shown, hint=hint)


def _strange(shown: str, what: str) -> UsageError:
    hint = f"This version reads format {FORMAT}: use a version of the gate that reads it, or make a new store"
    return UsageError(what, path=shown, hint=hint)
