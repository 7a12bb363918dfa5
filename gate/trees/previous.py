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
    look_up = _renames_between if after else _renames  # the index may be another the next time
    return msgspec.structs.replace(base, renames=look_up(base.root, base.revision or "", after))


def _renames(root: str, revision: str, after: str | None) -> tuple[tuple[str, str], ...]:
    repository = Repository(root)
    return tuple((shown(old), shown(new)) for old, new in repository.renames(root, revision, after))


_renames_between = lru_cache(maxsize=64)(_renames)
