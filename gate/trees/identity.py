"""Content ids of a tree's files, as git knows them without reading the files, and one id for the whole tree.

The content of a file on disk is git's blob only if nothing changed it on the way there. A file that git does not vouch
for (changed, untracked, assumed unchanged, converted by a filter, `ident` or an encoding) has no id here.
"""

import hashlib
from collections.abc import Iterator

import msgspec

from gate.core.errors import UnreadableError
from gate.git import Repository
from gate.git.clean_trees import has_no_others
from gate.model import Tree
from gate.trees.base import shown


class Contents(msgspec.Struct, frozen=True):
    """The ids of a tree's files."""

    ids: dict[str, str]
    """Path to blob id, of the files that git vouches for."""
    whole: str | None
    """An id for the content of all files together; None unless git vouches for every file."""


NOTHING_KNOWN = Contents({}, None)
"""What is known outside of a repository, or where git cannot say."""


def contents_of(target: Tree) -> Contents:
    """Return the ids of a working tree's files and of the whole; for a revision only that of the whole."""
    repository = Repository.find(target.root)
    if repository is None:
        return NOTHING_KNOWN
    try:
        if target.only is not None or target.renames or target.replaced:
            return NOTHING_KNOWN
        if target.revision is not None:
            return Contents({}, repository.tree_id(target.root, target.revision))
        return _working(repository, target.root)
    except UnreadableError:  # git cannot say, so the files have to be read
        return NOTHING_KNOWN


def _working(repository: Repository, root: str) -> Contents:
    listing = repository.run("index with tags", folder=root)
    doubtful = {*_changed(repository, root), *_converted(repository, root)}
    entries = [_entry(line) for line in listing.split(b"\0") if line]
    ids = {shown(name): blob_id for name, blob_id in entries if blob_id and name not in doubtful}
    is_whole = not doubtful and len(ids) == len(entries)
    return Contents(ids, hashlib.sha256(listing).hexdigest() if is_whole else None)


def _entry(line: bytes) -> tuple[bytes, str | None]:
    """Read `TAG MODE ID STAGE\\tNAME`: H tags a file that git compares with the disk, 0 is the only sure stage."""
    head, _, name = line.partition(b"\t")
    tag, _, blob_id, stage = head.decode().split(" ")
    return name, blob_id if (tag, stage) == ("H", "0") else None


def _changed(repository: Repository, root: str) -> Iterator[bytes]:
    command = "changed tracked files" if has_no_others(root) else "changed files"
    yield from filter(None, repository.run(command, folder=root).split(b"\0"))


def _converted(repository: Repository, root: str) -> Iterator[bytes]:
    """Yield the files whose attributes convert them between the object store and the disk.

    Conversion of line ends does not count: it can hide nothing from a scan.
    """
    yield from filter(None, repository.run("converted files", folder=root).split(b"\0"))
