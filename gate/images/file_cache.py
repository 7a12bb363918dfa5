"""A cache of results for single files of a layer, for the next image with that layer."""

from typing import TypeVar

import msgspec

from gate.images.image_cache import ImageCache
from gate.trees import Entry

Result = TypeVar("Result")

MAX_KEPT = 20_000
"""Files of one layer with a cached result of one analysis; memory holds them while an image is scanned."""

_Results = dict[str, tuple[int, msgspec.Raw]]
"""By the file's path: the offset of its content in the layer, and the result."""
_Key = tuple[tuple[str, ...], str]
"""`Analysis.key`, and the diff id of the layer."""


class LayerFileCache:
    """Results of analyses of files, by the layer that holds the content and its offset in it."""

    def __init__(self, cache: ImageCache) -> None:
        self._cache = cache
        self._results: dict[_Key, _Results] = {}
        self._changed: set[_Key] = set()

    def get(self, entry: Entry, analysis: tuple[str, ...], shape: type[Result]) -> Result | None:
        """Return the result for a file, None if there is none."""
        if entry.place is None:
            return None
        layer, offset = entry.place
        found = self._of((analysis, layer)).get(entry.path)
        if found is None or found[0] != offset:
            return None
        return msgspec.msgpack.decode(found[1], type=shape)

    def put(self, entry: Entry, analysis: tuple[str, ...], result: object) -> None:
        """Add a result, which must hold no part of a secret."""
        if entry.place is None or not self._cache.is_persistent:
            return
        layer, offset = entry.place
        key = (analysis, layer)
        results = self._of(key)
        if len(results) < MAX_KEPT or entry.path in results:
            results[entry.path] = (offset, msgspec.Raw(msgspec.msgpack.encode(result)))
            self._changed.add(key)

    def flush(self) -> None:
        """Hand new results to the image cache, which stores them after the layers were verified."""
        for key in self._changed:
            self._cache.put(_cache_key(key), self._results[key])
        self._changed.clear()

    def _of(self, key: _Key) -> _Results:
        if key not in self._results:
            self._results[key] = self._cache.get(_cache_key(key), _Results) or {}
        return self._results[key]


def _cache_key(key: _Key) -> tuple[str, ...]:
    analysis, layer = key
    return ("answers", *analysis, layer)
