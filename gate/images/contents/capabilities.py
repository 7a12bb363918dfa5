"""File capabilities: rights of root that a program has, whichever user starts it (capabilities(7)).

They are stored in the extended attribute `security.capability`, as `vfs_cap_data` of Linux (linux/capability.h).
"""

import struct
from collections.abc import Iterable, Iterator

from gate.core.errors import UnreadableError
from gate.core.word_lists import word_lists
from gate.images.contents.observations import Privileged
from gate.trees import Entry

_SIZES = {1: 12, 2: 20, 3: 24}
"""Bytes of each revision: a word of flags, pairs of words (permitted, inheritable), in revision 3 the owner's id."""
_LISTS = word_lists(__file__)
_NAMES = _LISTS["names"]
"""By their numbers, without `cap_`."""


def privileged_files(files: Iterable[tuple[Entry, bytes]]) -> Iterator[Privileged]:
    """Yield the files that are permitted a capability. Raises UnreadableError for a damaged attribute."""
    for entry, attribute in files:
        names = tuple(_decoded(attribute, entry.path))
        if names:
            yield Privileged(path=entry.path, capabilities=names, layer=entry.origin)


def _decoded(attribute: bytes, path: str) -> Iterator[str]:
    revision = attribute[3] if len(attribute) > 3 else 0
    if len(attribute) != _SIZES.get(revision):
        raise UnreadableError("has capabilities that cannot be read", path=path, hint="Do not use this image")
    words = struct.unpack_from("<I" if revision == 1 else "<IxxxxI", attribute, 4)
    permitted = sum(word << (32 * index) for index, word in enumerate(words))
    for number in range(64):
        if permitted >> number & 1:
            yield f"cap_{_NAMES[number]}" if number < len(_NAMES) else f"cap_{number}"
