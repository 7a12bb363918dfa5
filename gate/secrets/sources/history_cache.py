"""A whole history as it can be kept: no secret, nor anything made of one.

What is known of the commits before some tips holds for whatever is built on them. So of a history that has grown only
what is new is looked at; `docs/decisions/0006-what-is-cached.md` says what is kept.
"""

from collections.abc import Iterable, Mapping

import msgspec

from gate.core.cache import key_of
from gate.secrets.results.summary import Counts, added
from gate.secrets.sources.files import AddedFile

MAX_KNOWN = 1_000_000
"""Blobs that are remembered; each takes 60 bytes, or a little more."""
MAX_OPEN = 100_000
"""Versions of files to look at again that are remembered; reading more takes most of the time in any case."""


class Versions:
    """Which versions of files there are: of each blob the paths, these by digests."""

    def __init__(self, paths: Mapping[str, bytes]) -> None:
        """`paths`: the digests of a blob's paths, one after the other."""
        self.paths = dict(paths)
        self._digests: dict[str, bytes] = {}

    def has(self, file: AddedFile) -> bool:
        known = self.paths.get(file.blob_id, b"")
        digest = self._digest(file.path)
        return any(known[at : at + len(digest)] == digest for at in range(0, len(known), len(digest)))

    def add(self, files: Iterable[AddedFile]) -> None:
        """Add versions that it does not have."""
        for file in files:
            self.paths[file.blob_id] = self.paths.get(file.blob_id, b"") + self._digest(file.path)

    def _digest(self, path: str) -> bytes:
        if path not in self._digests:
            self._digests[path] = key_of(path)
        return self._digests[path]


class HistoryPart(msgspec.Struct, frozen=True, kw_only=True):
    """Versions of files that were looked at."""

    files: int = 0
    clean: Counts = {}
    """What the tally counts in those in which there is nothing to find."""
    open: tuple[AddedFile, ...] = ()
    """Those that hold a secret, or could not be read."""

    def __add__(self, other: "HistoryPart") -> "HistoryPart":
        return HistoryPart(
            files=self.files + other.files,
            clean=added(self.clean, other.clean),
            open=self.open + other.open,
        )


class KnownHistory(msgspec.Struct, frozen=True, kw_only=True):
    """All that was found out about a history."""

    name: bytes = b""
    """Of all objects in the store and of the tips."""
    tips: tuple[str, ...] = ()
    """The commits that refs, HEAD and reflogs named."""
    count: int = 0
    """Of the commits up to them."""
    commits: tuple[str, ...] = ()
    """Those that bring or remove the open versions, in their order."""
    texts: tuple[str, ...] = ()
    """Commits and tags with a secret in what is written about them."""
    committed: HistoryPart = HistoryPart()
    loose: HistoryPart = HistoryPart()
    """Blobs that are in no commit."""
    versions: dict[str, bytes] = {}
    """`Versions.paths` of all that the commits add."""
    blobs: int = 0
    blobs_in_no_commit: int = 0

    @property
    def open(self) -> tuple[AddedFile, ...]:
        """All open versions, in the order of the commits that brought them; first what is in none."""
        return self.loose.open + self.committed.open

    @property
    def is_small(self) -> bool:
        """True if keeping it is worth the place that it takes."""
        return len(self.versions) <= MAX_KNOWN and max(len(self.open), len(self.commits), len(self.texts)) <= MAX_OPEN


NOTHING = KnownHistory()
"""What is known of a history that was never looked at."""
