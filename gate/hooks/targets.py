"""What a push adds, as targets of the pipeline and the trees that they are compared with."""

from collections.abc import Iterable

from gate.git import Repository
from gate.hooks.push import PushedCommits
from gate.model import CommitRange, Target, Tree
from gate.trees.before import tree_before


def targets_of(
    repository: Repository, pushed: Iterable[PushedCommits]
) -> tuple[list[Target], dict[str, tuple[Tree, ...]]]:
    """Return two targets a ref, what it is to be and how it came to be, and by target name what was there before.

    The tree shows what is wrong now; the commits also show what one of them added and another took away again.
    """
    root = repository.top
    targets: list[Target] = []
    bases: dict[str, tuple[Tree, ...]] = {}
    for one in pushed:
        tree = Tree(root=root, name=one.ref, revision=one.head)
        commits = CommitRange(root=root, name=f"commits of {one.ref}", head=one.head, exclude=one.borders)
        name = f"before {one.ref}"
        before = tuple(tree_before(repository, root, name, border, one.head) for border in one.borders)
        targets += [tree, commits]
        bases |= {tree.name: before, commits.name: before}
    return targets, bases
