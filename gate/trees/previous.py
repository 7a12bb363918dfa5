"""The tree before a change, with which a stage compares. Files that the change renames have their new names in it."""

from gate.git import Repository
from gate.model import Tree
from gate.trees.base import shown


def tree_before(repository: Repository, root: str, name: str, revision: str, after: str | None = None) -> Tree:
    """Return the tree of `revision`, with the names that its files have in `after` (None: in the index).

    So a finding in a file that was moved stays the same finding. Raises UnreadableError if git cannot compare the two.
    """
    renames = tuple((shown(old), shown(new)) for old, new in repository.renames(root, revision, after))
    return Tree(root=root, name=name, revision=revision, renames=renames)
