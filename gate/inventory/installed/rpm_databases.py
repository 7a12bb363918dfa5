"""The three forms of rpm's database, known by their first bytes: SQLite, ndb (SUSE), Berkeley DB (before 2020).

Only the blobs of packages' headers are read. The file is not trusted: every offset is checked, and every page and slot
is visited once.
"""

import struct
from collections.abc import Callable, Iterator

from gate.inventory.installed.packages import unparsable

MAX_PACKAGES = 100_000

_SQLITE = b"SQLite format 3\0"
_NDB = b"RpmP"
_BERKELEY = 0x061561
"""Magic number of a hash database, at byte 12."""


def header_blobs(content: bytes, path: str) -> Iterator[bytes]:
    """Yield the header of each package. Raises UnreadableError for what is none of the three, or damaged."""
    for count, blob in enumerate(_reader_of(content, path)(content, path), 1):
        if count > MAX_PACKAGES:
            raise unparsable(path, f"more than {MAX_PACKAGES:,} packages")
        yield blob


def _reader_of(content: bytes, path: str) -> Callable[[bytes, str], Iterator[bytes]]:
    from gate.inventory.installed import rpm_berkeley, rpm_ndb, rpm_sqlite

    if content.startswith(_SQLITE):
        return rpm_sqlite.blobs
    if content.startswith(_NDB):
        return rpm_ndb.blobs
    if len(content) >= 16 and _BERKELEY in (
        *struct.unpack_from("<I", content, 12),
        *struct.unpack_from(">I", content, 12),
    ):
        return rpm_berkeley.blobs
    raise unparsable(path, "it is no rpm database of a known form")
