"""The content of a commit that is being made: git's index as a tree, and HEAD to compare it with."""

import os
from pathlib import Path

from gate.git import Repository
from gate.git.staging import write_tree
from gate.model import Tree


def staged_tree(repository: Repository) -> str:
    """Return the id of the tree that the index would become as a commit.

    `git commit --all` and `git commit PATH` name their own index in the hook's environment. Raises UnreadableError with
    git's message, for example during a merge with conflicts.
    """
    named = os.environ.get("GIT_INDEX_FILE")
    return write_tree(repository.place, Path(named).absolute() if named else None)


def targets_of(repository: Repository, tree: str) -> tuple[list[Tree], dict[str, tuple[Tree, ...]]]:
    """Return the staged tree and, by its name, the tree of HEAD if there is one: findings in HEAD do not block."""
    staged = Tree(root=repository.top, name="staged", revision=tree)
    head = repository.commit_id("HEAD")
    if head is None:
        return [staged], {}
    return [staged], {staged.name: (Tree(root=repository.top, name="before", revision=head),)}
