"""Which files of a layer are as their packages brought them, kept from run to run for the next image on that layer."""

from collections.abc import Callable

from gate.images.contents.record import Record, has_digest
from gate.images.memory import Memory
from gate.trees import Entry

MAX_KEPT = 200_000
"""Files of one layer whose digests are kept."""

_Digests = dict[int, bytes]
"""Where a file's content starts in its layer, and its digest."""


class Compared:
    """Contents that were compared with the packages' records; the content of a known one is not read again.

    A digest is kept only if it is that of a package's record: of what else is in a file it tells nothing.
    """

    def __init__(self, memory: Memory) -> None:
        """`memory` holds what earlier runs found in layers of the same diff ids."""
        self._memory = memory
        self._known: dict[tuple[str, str], _Digests] = {}
        self._grown: set[tuple[str, str]] = set()

    def is_as_recorded(self, entry: Entry, record: Record, read: Callable[[], bytes]) -> bool:
        """True if the file's content is what the record says; `read` is called for it if that is not known."""
        layer, _, offset = (entry.content_id or "").rpartition("+")
        if not layer:
            return has_digest(read(), record)
        key = (record.algorithm, layer)
        known = self._of(key)
        place = int(offset)
        if place in known and known[place].hex() == record.digest:
            return True
        if not has_digest(read(), record):
            return False
        if len(known) < MAX_KEPT:
            known[place] = bytes.fromhex(record.digest)
            self._grown.add(key)
        return True

    def keep(self) -> None:
        """Keep what was found out; for when all layers are checked: what is in others must not be found again."""
        for key in self._grown:
            self._memory.note(_looking(key), self._known[key])
        if self._grown:
            self._memory.keep(())

    def _of(self, key: tuple[str, str]) -> _Digests:
        if key not in self._known:
            self._known[key] = self._memory.known(_looking(key), _Digests) or {}
        return self._known[key]


def _looking(key: tuple[str, str]) -> tuple[str, ...]:
    return ("contents as packages brought them", *key)
