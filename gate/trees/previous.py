"""The tree before a change, with which a stage compares. Files that the change renames have their new names in it."""

from functools import lru_cache

import msgspec

from gate.git import Repository
from gate.model import CommitRange, Tree
from gate.trees.base import shown


def with_names_of(base: Tree, target: Tree | CommitRange) -> Tree:
    """Return a tree before a change with the names that its files have in the target, or in the index of its folder.

    So a finding in a file that was moved stays the same finding. This is asked for when the tree is looked at: git
    compares all names of the two. Raises UnreadableError if git cannot compare them.
    """
    after = target.head if isinstance(target, CommitRange) else target.revision
    revision = base.revision or ""
    renames = _renames_between(base.root, revision, after) if after else _renames(base.root, revision, None)
    return msgspec.structs.replace(base, renames=renames)


def _renames(root: str, revision: str, after: str | None) -> tuple[tuple[str, str], ...]:
    repository = Repository(root)
    return tuple((shown(old), shown(new)) for old, new in repository.renames(root, revision, after))


@lru_cache(maxsize=64)
def _renames_between(root: str, revision: str, after: str) -> tuple[tuple[str, str], ...]:
    """Return the same for two revisions, which stay what they are."""
    return _renames(root, revision, after)
