"""What was told of single files of a layer, kept from run to run for the next image on that layer."""

from typing import TypeVar

import msgspec

from gate.images.image_cache import ImageCache
from gate.trees import Entry

Result = TypeVar("Result")

MAX_KEPT = 20_000
"""Files of one layer of which an answer to one question is kept; memory holds them while an image is looked at."""

_Answers = dict[str, tuple[int, msgspec.Raw]]
"""By the file's path: where its content starts in the layer, and the answer."""
_Key = tuple[tuple[str, ...], str]
"""What was asked (as `Question.key`), and the diff id of the layer."""


class LayerFileCache:
    """Answers about contents, each under the layer that brought the content and its place there."""

    def __init__(self, memory: ImageCache) -> None:
        self._memory = memory
        self._known: dict[_Key, _Answers] = {}
        self._grown: set[_Key] = set()

    def known(self, entry: Entry, asked: tuple[str, ...], shape: type[Result]) -> Result | None:
        """Return what was answered about a file, None if nothing was."""
        if entry.place is None:
            return None
        layer, offset = entry.place
        found = self._of((asked, layer)).get(entry.path)
        if found is None or found[0] != offset:
            return None
        return msgspec.msgpack.decode(found[1], type=shape)

    def note(self, entry: Entry, asked: tuple[str, ...], answer: object) -> None:
        """Note an answer, which is kept with all others. Nothing of a secret may be in it."""
        if entry.place is None or not self._memory.is_kept:
            return
        layer, offset = entry.place
        key = (asked, layer)
        answers = self._of(key)
        if len(answers) < MAX_KEPT or entry.path in answers:
            answers[entry.path] = (offset, msgspec.Raw(msgspec.msgpack.encode(answer)))
            self._grown.add(key)

    def note_all(self) -> None:
        """Hand what was noted to the memory, which keeps it once the layers are checked."""
        for key in self._grown:
            self._memory.note(_looking(key), self._known[key])
        self._grown.clear()

    def _of(self, key: _Key) -> _Answers:
        if key not in self._known:
            self._known[key] = self._memory.known(_looking(key), _Answers) or {}
        return self._known[key]


def _looking(key: _Key) -> tuple[str, ...]:
    asked, layer = key
    return ("answers", *asked, layer)
