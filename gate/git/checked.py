"""Whether an object is what its id says: git compares the two when it fetches, not when it reads."""

import hashlib


def is_what_its_id_says(object_id: str, kind: bytes, content: bytes) -> bool:
    """True if the id of an object of this kind (`blob`, `commit`, `tree`, `tag`) with this content is `object_id`."""
    return id_of(kind, content, len(object_id)) == object_id


def id_of(kind: bytes, content: bytes, length: int) -> str:
    """Return the id of an object, with as many digits as those of SHA-1 (40) or SHA-256 (64) have."""
    algorithm = hashlib.sha1(usedforsecurity=False) if length == 40 else hashlib.sha256()
    algorithm.update(b"%b %d\0" % (kind, len(content)))
    algorithm.update(content)
    return algorithm.hexdigest()
