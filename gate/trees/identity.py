"""Content ids of a tree's files, as git knows them without reading the files, and one id for the whole tree.

The content of a file on disk is git's blob only if nothing changed it on the way there. A file that git does not vouch
for (changed, untracked, assumed unchanged, converted by a filter, `ident` or an encoding) has no id here.
"""

import hashlib
from collections.abc import Callable

import msgspec

from gate.core.errors import UnreadableError
from gate.git import Repository
from gate.model import Tree
from gate.trees.base import FileTree
from gate.trees.index import IndexListing, listing_of
from gate.trees.revision import RevisionTree

ContentId = Callable[[str], str | None]
"""Gives the id of a file's content by its path; None where git does not vouch for it."""
_REGULAR = "100"
"""What the modes of regular files begin with; the content of a link is what it leads to."""


class Contents(msgspec.Struct, frozen=True):
    """The ids of a tree's files."""

    ids: dict[str, str]
    """Path to blob id, of the regular files that git vouches for."""
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
        return _of(listing_of(repository, target.root))
    except UnreadableError:  # git cannot say, so the files have to be read
        return NOTHING_KNOWN


def content_id_in(target: Tree, tree: FileTree) -> ContentId:
    """Return what gives by path the id of a file whose content git vouches for; `tree` is the target, opened."""
    return tree.content_id if isinstance(tree, RevisionTree) else contents_of(target).ids.get


def _of(listing: IndexListing) -> Contents:
    vouched = listing.vouched
    ids = {path: vouched.ids[path] for path, mode in vouched.modes.items() if mode.startswith(_REGULAR)}
    is_whole = not listing.differing and not vouched.doubts
    return Contents(ids, hashlib.sha256(listing.raw).hexdigest() if is_whole else None)
