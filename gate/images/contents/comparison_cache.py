"""Which files of a layer are as their packages brought them, kept from run to run for the next image on that layer."""

from gate.images.contents.file_record import Record
from gate.images.image_cache import ImageCache
from gate.trees import Entry

MAX_KEPT = 200_000
"""Files of one layer whose digests are kept."""

_Digests = dict[int, bytes]
"""Where a file's content starts in its layer, and its digest."""


class Compared:
    """Contents that were compared with the packages' records; the content of a known one is not read again.

    A digest is kept only if it is that of a package's record: of what else is in a file it tells nothing.
    """

    def __init__(self, memory: ImageCache) -> None:
        """`memory` holds what earlier runs found in layers of the same diff ids."""
        self._memory = memory
        self._known: dict[tuple[str, str], _Digests] = {}
        self._grown: set[tuple[str, str]] = set()

    def knows(self, entry: Entry, record: Record) -> bool:
        """True if an earlier look has found the file's content to be what the record says."""
        if entry.place is None:
            return False
        layer, offset = entry.place
        return self._of((record.algorithm, layer)).get(offset, b"").hex() == record.digest

    def note(self, entry: Entry, record: Record) -> None:
        """Note that the file's content is what the record says."""
        if entry.place is None:
            return
        layer, offset = entry.place
        key = (record.algorithm, layer)
        if len(self._of(key)) < MAX_KEPT:
            self._of(key)[offset] = bytes.fromhex(record.digest)
            self._grown.add(key)

    def keep(self) -> None:
        """Hand what was found out to the memory, which keeps it once all layers are checked."""
        for key in self._grown:
            self._memory.note(_looking(key), self._known[key])

    def _of(self, key: tuple[str, str]) -> _Digests:
        if key not in self._known:
            self._known[key] = self._memory.known(_looking(key), _Digests) or {}
        return self._known[key]


def _looking(key: tuple[str, str]) -> tuple[str, ...]:
    return ("contents as packages brought them", *key)
