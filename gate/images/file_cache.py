"""A cache of results for single files of a layer, for the next image with that layer."""

from typing import TypeVar

import msgspec

from gate.images.image_cache import ImageCache
from gate.trees import Entry

Result = TypeVar("Result")

MAX_KEPT = 20_000
"""Files of one layer with a cached result of one analysis; memory holds them while an image is scanned."""

_Answers = dict[str, tuple[int, msgspec.Raw]]
"""By the file's path: the offset of its content in the layer, and the result."""
_Key = tuple[tuple[str, ...], str]
"""`Analysis.key`, and the diff id of the layer."""


class LayerFileCache:
    """Results of analyses of files, by the layer that holds the content and its offset in it."""

    def __init__(self, memory: ImageCache) -> None:
        self._memory = memory
        self._known: dict[_Key, _Answers] = {}
        self._grown: set[_Key] = set()

    def known(self, entry: Entry, asked: tuple[str, ...], shape: type[Result]) -> Result | None:
        """Return the result for a file, None if there is none."""
        if entry.place is None:
            return None
        layer, offset = entry.place
        found = self._of((asked, layer)).get(entry.path)
        if found is None or found[0] != offset:
            return None
        return msgspec.msgpack.decode(found[1], type=shape)

    def note(self, entry: Entry, asked: tuple[str, ...], answer: object) -> None:
        """Add a result, which must hold no part of a secret."""
        if entry.place is None or not self._memory.is_kept:
            return
        layer, offset = entry.place
        key = (asked, layer)
        answers = self._of(key)
        if len(answers) < MAX_KEPT or entry.path in answers:
            answers[entry.path] = (offset, msgspec.Raw(msgspec.msgpack.encode(answer)))
            self._grown.add(key)

    def note_all(self) -> None:
        """Hand new results to the image cache, which stores them after the layers were verified."""
        for key in self._grown:
            self._memory.note(_cache_key(key), self._known[key])
        self._grown.clear()

    def _of(self, key: _Key) -> _Answers:
        if key not in self._known:
            self._known[key] = self._memory.known(_cache_key(key), _Answers) or {}
        return self._known[key]


def _cache_key(key: _Key) -> tuple[str, ...]:
    asked, layer = key
    return ("answers", *asked, layer)
