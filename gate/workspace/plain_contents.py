"""Contents in which an earlier run of this machine saw no modeline that starts anything.

Of thousands of sources few have one, and few change between two runs: the others need not be read again. What is known
is one result of the cache, in the scope of the target as everything that a worker keeps there.
"""

from gate.core.cache import Cache, key_of, own_code
from gate.trees.identity import ContentId


def _unknown(path: str) -> None:
    """Return the id of a content of which nothing is known."""


class PlainContents:
    """The plain contents of a tree's files, by their ids; a file whose content has no known id is never one."""

    def __init__(self, id_of: ContentId = _unknown, cache: Cache | None = None) -> None:
        """`id_of` names a file's content. Without a cache nothing is known."""
        self._id_of, self._cache = id_of, cache
        self._key = key_of("contents without modelines", own_code()) if cache else b""
        stored = cache.get([self._key]).get(self._key, b"") if cache else b""
        self._known = frozenset(stored.decode("ascii").split())
        self._seen: set[str] = set()

    def has(self, path: str) -> bool:
        """True if the content of a file is known as plain."""
        content_id = self._id_of(path)
        if content_id not in self._known:
            return False
        self._seen.add(content_id)
        return True

    def add(self, path: str) -> None:
        """Note that the content of a file is plain."""
        if content_id := self._id_of(path):
            self._seen.add(content_id)

    def keep(self) -> None:
        """Keep what this tree has of them, and forget what it has no more."""
        if self._cache is not None and self._seen != self._known:
            self._cache.put({self._key: " ".join(sorted(self._seen)).encode("ascii")})
