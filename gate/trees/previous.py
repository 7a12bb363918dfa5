"""What was there before a change, as a tree that a stage compares with: what was renamed bears its new name."""

from gate.git import Repository
from gate.model import Tree
from gate.trees.base import shown


def tree_before(repository: Repository, root: str, name: str, revision: str, after: str | None = None) -> Tree:
    """Return the tree of `revision`, in which what has another name in `after` (None: in the index) has that name.

    So a finding in a file that was moved is the same finding. Raises UnreadableError if git cannot compare the two.
    """
    renames = tuple((shown(old), shown(new)) for old, new in repository.renames(root, revision, after))
    return Tree(root=root, name=name, revision=revision, renames=renames)
