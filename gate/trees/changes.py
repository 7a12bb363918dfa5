"""What differs between two trees, as far as git can say it without a listing of either."""

from gate.core.errors import GateError
from gate.git import Repository
from gate.model import Tree
from gate.trees.base import shown


def changed_paths(own: Tree, base: Tree) -> list[str] | None:
    """Return the paths of what is not the same in both, of a renamed file both; None if this is not known.

    It is known of two commits in one folder.
    """
    if own.revision is None or base.revision is None or own.root != base.root:
        return None
    try:
        return [shown(name) for name in Repository(own.root).changed_names(own.root, base.revision, own.revision)]
    except GateError:
        return None
