"""What a commit is to hold: git's index as a tree, and what was there before."""

import os
import subprocess

from gate.errors import UnreadableError
from gate.git import Repository
from gate.model import Tree
from gate.trees.before import tree_before

_QUIET = ("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}")


def staged_tree(folder: str) -> str:
    """Return the id of the tree that the index would become, as git does it for a commit.

    Ask it before anything else: `git commit --all` and `git commit PATH` name their index in the environment of the
    hook, which `gate.git` forgets. Raises UnreadableError with git's words, for example for a merge with conflicts.
    """
    done = subprocess.run(["git", *_QUIET, "write-tree"], cwd=folder, capture_output=True, timeout=60)
    if done.returncode != 0:
        words = done.stderr.decode("utf-8", "backslashreplace").strip()
        raise UnreadableError(f"what is staged is no tree: {words}", path=folder, hint="Resolve and stage it first")
    return done.stdout.decode().strip()


def targets_of(repository: Repository, tree: str) -> tuple[list[Tree], dict[str, tuple[Tree, ...]]]:
    """Return the staged tree, and by its name the tree of HEAD, if there is one: what was there does not block."""
    staged = Tree(root=repository.top, name="staged", revision=tree)
    head = repository.commit_id("HEAD")
    if head is None:
        return [staged], {}
    return [staged], {staged.name: (tree_before(repository, repository.top, "before", head, tree),)}
