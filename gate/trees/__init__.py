"""File trees, from which all files are read: a working tree or a git revision; see `gate.trees.base.FileTree`."""

from functools import lru_cache

from gate.model import Tree
from gate.trees.base import (
    MAX_FILE_SIZE,
    ClonedTree,
    Entry,
    EntryKind,
    FileTree,
    NameHint,
    join,
    resolve,
    shown,
    walk_named,
)
from gate.trees.replaced import PreviewTree
from gate.trees.revision import RevisionTree
from gate.trees.working import WorkingTree

__all__ = [
    "MAX_FILE_SIZE",
    "ClonedTree",
    "Entry",
    "EntryKind",
    "FileTree",
    "NameHint",
    "join",
    "open_tree",
    "resolve",
    "shown",
    "walk_named",
]


@lru_cache(maxsize=8)
def open_tree(target: Tree) -> FileTree:
    """Open the working tree or git revision that `target` names. It is cached: what it knows is kept in the process."""
    if target.revision is None:
        tree = WorkingTree(target.root)
        return PreviewTree(tree, dict(target.replaced)) if target.replaced else tree
    return RevisionTree(target.root, target.revision, dict(target.renames), target.only)
