"""Whether an object is what its id says: git compares the two when it fetches, not when it reads."""

import hashlib

_COPIED = 1 << 16


def is_what_its_id_says(object_id: str, kind: bytes, content: bytes) -> bool:
    """True if the id of an object of this kind (`blob`, `commit`, `tree`, `tag`) with this content is `object_id`."""
    return id_of(kind, content, len(object_id)) == object_id


def id_of(kind: bytes, content: bytes, length: int) -> str:
    """Return the id of an object, with as many digits as those of SHA-1 (40) or SHA-256 (64) have."""
    head = b"%b %d\0" % (kind, len(content))
    first = head + content if len(content) <= _COPIED else head  # of a small one a copy is cheaper than a second call
    algorithm = hashlib.sha1(first, usedforsecurity=False) if length == 40 else hashlib.sha256(first)
    if first is head:
        algorithm.update(content)
    return algorithm.hexdigest()
