"""What git's index says of a working tree, and which of its files it does not vouch for."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager

import msgspec

from gate.core.consulted import note_call
from gate.git import Repository
from gate.git.clean_trees import has_no_others

_COMPARED = ("H", "0")
"""Tag and stage of what git compares with the disk (`git ls-files -v`). Others are taken on trust, or merges."""


class IndexEntry(msgspec.Struct, frozen=True, gc=False):
    """An entry of git's index."""

    name: bytes
    mode: str
    blob_id: str
    doubt: str
    """Its tag and stage if git does not compare it with the disk."""


class IndexListing(msgspec.Struct, frozen=True):
    """The index of a working tree, compared with the disk."""

    raw: bytes
    """As git lists it."""
    differing: frozenset[bytes]
    """What is on disk otherwise: changed, untracked, converted by a filter, `ident` or an encoding.

    Conversion of line ends does not count: it can hide nothing from a scan.
    """

    def names(self) -> set[bytes]:
        """Return the names that are tracked, or untracked and not ignored."""
        return {line.partition(b"\t")[2] for line in self.raw.split(b"\0")[:-1]} | self.differing

    def entries(self) -> Iterator[IndexEntry]:
        """Yield the entries; each stands as `TAG MODE ID STAGE\\tNAME` in the listing."""
        for line in self.raw.split(b"\0")[:-1]:
            head, _, name = line.partition(b"\t")
            tag, mode, blob_id, stage = head.decode("ascii").split(" ")
            yield IndexEntry(name, mode, blob_id, "" if (tag, stage) == _COMPARED else f"{tag} {stage} ")


class IndexQuestion:
    """The git commands that list the index and compare it with the disk; they run at once, from the start on."""

    def __init__(self, repository: Repository, root: str) -> None:
        changed = "changed tracked files" if has_no_others(root) else "changed files"
        commands = ("index with tags", changed, "converted files")
        self._running = [repository.start(command, folder=root) for command in commands]

    def answer(self) -> IndexListing:
        """Wait for git. Raises UnreadableError if git cannot say."""
        with ExitStack() as ending:
            for running in self._running:
                ending.callback(running.end)
            raw, changed, converted = (running.output() for running in self._running)
        differing = frozenset((*changed.split(b"\0"), *converted.split(b"\0"))) - {b""}
        return IndexListing(raw, differing)


_listings: dict[str, IndexListing] | None = None
"""By root, what git said of working trees during a run; None outside of one."""


@contextmanager
def listings_of_a_run() -> Iterator[None]:
    """Remember listings while this is open: git is asked once, and processes that are forked then have its answer."""
    global _listings
    _listings = {}
    try:
        yield
    finally:
        _listings = None


def remember(root: str, listing: IndexListing) -> None:
    """Remember a listing for the rest of the run."""
    if _listings is not None:
        _listings[root] = listing


def listing_of(repository: Repository, root: str) -> IndexListing:
    """Return the listing of a working tree: the one of this run, or what git says now. Raises UnreadableError."""
    known = _listings.get(root) if _listings else None
    if known is None:
        return IndexQuestion(repository, root).answer()
    note_call("git:index with tags")  # as if git had been asked: what rests on it rests on every file
    return known


def names_in(repository: Repository, root: str) -> Iterable[bytes]:
    """Return the names of a working tree's files, relative to it: those of this run's listing, or what git says now."""
    known = _listings.get(root) if _listings else None
    return repository.list_files(root) if known is None else known.names()
