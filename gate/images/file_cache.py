"""A cache of results for single files: of a layer, for the next image with that layer, and by their contents.

When an image is built again, its layers are other ones, and most files in them are the same.
"""

import hashlib
from functools import cached_property
from typing import TypeVar

import msgspec

from gate.images.image_cache import ImageCache
from gate.trees import Entry

Result = TypeVar("Result")

MAX_KEPT = 20_000
"""Files of one layer with a cached result of one analysis; memory holds them while an image is scanned."""

_Results = dict[str, tuple[int, msgspec.Raw]]
"""By the file's path: the offset of its content in the layer, and the result."""
_ContentResults = dict[str, tuple[bytes, msgspec.Raw]]
"""By the file's path: the SHA-256 of its content, and the result."""
_BY_CONTENT = ("answers by content",)
_Key = tuple[tuple[str, ...], str]
"""`Analysis.key`, and the diff id of the layer."""


class LayerFileCache:
    """Results of analyses of files, by the layer that holds the content and its offset in it, or by the content."""

    def __init__(self, cache: ImageCache) -> None:
        self._cache = cache
        self._results: dict[_Key, _Results] = {}
        self._changed: set[_Key] = set()
        self._digests: dict[tuple[str, int], bytes] = {}
        self._has_new_contents = False

    def get(self, entry: Entry, analysis: tuple[str, ...], shape: type[Result]) -> Result | None:
        """Return the result for a file, None if there is none."""
        if entry.place is None:
            return None
        layer, offset = entry.place
        found = self._of((analysis, layer)).get(entry.path)
        if found is None or found[0] != offset:
            return None
        return msgspec.msgpack.decode(found[1], type=shape)

    def get_of(self, content: bytes, entry: Entry, analysis: tuple[str, ...], shape: type[Result]) -> Result | None:
        """Return the result for a file of this path and content, whatever layer it was in; None if there is none."""
        if entry.place is None or not self._cache.is_persistent:
            return None
        found = self._by_content.get("\0".join(analysis), {}).get(entry.path)
        if found is None or found[0] != self._digest(entry.place, content):
            return None
        return msgspec.msgpack.decode(found[1], type=shape)

    def put(self, entry: Entry, analysis: tuple[str, ...], result: object, content: bytes | None = None) -> None:
        """Add a result, which must hold no part of a secret; with a `content`, for any layer that holds it."""
        if entry.place is None or not self._cache.is_persistent:
            return
        layer, offset = entry.place
        key = (analysis, layer)
        results = self._of(key)
        packed = msgspec.Raw(msgspec.msgpack.encode(result))
        if len(results) < MAX_KEPT or entry.path in results:
            results[entry.path] = (offset, packed)
            self._changed.add(key)
        if content is not None:
            self._put_of(content, entry, analysis, packed)

    def _put_of(self, content: bytes, entry: Entry, analysis: tuple[str, ...], packed: msgspec.Raw) -> None:
        assert entry.place is not None
        results = self._by_content.setdefault("\0".join(analysis), {})
        row = (self._digest(entry.place, content), packed)
        if results.get(entry.path) != row:
            results.pop(entry.path, None)
            results[entry.path] = row
            self._has_new_contents = True
            if len(results) > MAX_KEPT:
                results.pop(next(iter(results)))

    def flush(self) -> None:
        """Hand new results to the image cache, which stores them after the layers were verified."""
        for key in self._changed:
            self._cache.put(_cache_key(key), self._results[key])
        self._changed.clear()
        if self._has_new_contents:  # a digest of a content that is short, and no others know, could be guessed from
            self._cache.put_sealed(_BY_CONTENT, self._by_content)
            self._has_new_contents = False

    @cached_property
    def _by_content(self) -> dict[str, _ContentResults]:
        return self._cache.get_sealed(_BY_CONTENT, dict[str, _ContentResults]) or {}

    def _digest(self, place: tuple[str, int], content: bytes) -> bytes:
        """Return the digest of the content in a place of a layer; computed once, though several analyses ask."""
        if place not in self._digests:
            self._digests[place] = hashlib.sha256(content).digest()
        return self._digests[place]

    def _of(self, key: _Key) -> _Results:
        if key not in self._results:
            self._results[key] = self._cache.get(_cache_key(key), _Results) or {}
        return self._results[key]


def _cache_key(key: _Key) -> tuple[str, ...]:
    analysis, layer = key
    return ("answers", *analysis, layer)
