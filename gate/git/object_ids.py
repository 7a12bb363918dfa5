"""Comparing objects with their ids, which are hashes: git does so when it fetches, but not when it reads."""

import hashlib

_COPIED = 1 << 16
"""Bytes up to which head and content are copied together: a copy is cheaper than a second call of the hash."""


def is_what_its_id_says(object_id: str, kind: bytes, content: bytes) -> bool:
    """True if an object of this kind (`blob`, `commit`, `tree`, `tag`) with this content has the id `object_id`."""
    return id_of(kind, content, len(object_id)) == object_id


def id_of(kind: bytes, content: bytes, length: int) -> str:
    """Return the id of an object; `length` is 40 for SHA-1 or 64 for SHA-256, in hexadecimal digits."""
    head = b"%b %d\0" % (kind, len(content))
    first = head + content if len(content) <= _COPIED else head
    algorithm = hashlib.sha1(first, usedforsecurity=False) if length == 40 else hashlib.sha256(first)
    if first is head:
        algorithm.update(content)
    return algorithm.hexdigest()
