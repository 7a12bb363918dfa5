"""Where bytes come from: see `gate.trees.base.FileTree`."""

from functools import lru_cache

from gate.model import Tree
from gate.trees.base import MAX_FILE_SIZE, ClonedTree, Entry, EntryKind, FileTree, join, resolve, shown, walk_named

__all__ = [
    "MAX_FILE_SIZE",
    "ClonedTree",
    "Entry",
    "EntryKind",
    "FileTree",
    "join",
    "open_tree",
    "resolve",
    "shown",
    "walk_named",
]


@lru_cache(maxsize=8)
def open_tree(target: Tree) -> FileTree:
    """Open the working tree or git revision that `target` names; cheap to call again in the same process."""
    if target.revision is None:
        from gate.trees.working import WorkingTree

        return WorkingTree(target.root)
    from gate.trees.revision import RevisionTree

    return RevisionTree(target.root, target.revision, dict(target.renames), target.only)
