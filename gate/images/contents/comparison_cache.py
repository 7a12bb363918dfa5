"""A cache of the files of each layer that are unchanged since their package was installed, for the next image."""

from gate.images.image_cache import ImageCache
from gate.inventory.records.file_record import Record
from gate.trees import Entry

MAX_KEPT = 200_000
"""Files of one layer whose digests are cached."""

_Digests = dict[int, bytes]
"""By the offset of a file's content in its layer, its digest."""


class ComparisonCache:
    """Files whose digests were found to be those of the packages' records; these are not read again.

    Only digests of packages' records are cached, which say nothing about any other content.
    """

    def __init__(self, cache: ImageCache) -> None:
        """`cache` holds the results of earlier runs for layers with the same diff ids."""
        self._cache = cache
        self._digests: dict[tuple[str, str], _Digests] = {}
        self._changed: set[tuple[str, str]] = set()

    def has(self, entry: Entry, record: Record) -> bool:
        """True if the file's content is known to have the record's digest."""
        if entry.place is None:
            return False
        layer, offset = entry.place
        return self._of((record.algorithm, layer)).get(offset, b"").hex() == record.digest

    def add(self, entry: Entry, record: Record) -> None:
        """Record that the file's content has the record's digest."""
        if entry.place is None:
            return
        layer, offset = entry.place
        key = (record.algorithm, layer)
        if len(self._of(key)) < MAX_KEPT:
            self._of(key)[offset] = bytes.fromhex(record.digest)
            self._changed.add(key)

    def flush(self) -> None:
        """Hand new digests to the image cache, which stores them after all layers were verified."""
        for key in self._changed:
            self._cache.put(_cache_key(key), self._digests[key])

    def _of(self, key: tuple[str, str]) -> _Digests:
        if key not in self._digests:
            self._digests[key] = self._cache.get(_cache_key(key), _Digests) or {}
        return self._digests[key]


def _cache_key(key: tuple[str, str]) -> tuple[str, ...]:
    return ("contents as packages brought them", *key)
