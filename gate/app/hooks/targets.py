"""The targets of a push, and the trees that they are compared with."""

from collections.abc import Iterable, Mapping

from gate.app.hooks.push import PushedCommits
from gate.core.hiding import without_pasted_token
from gate.git import Repository
from gate.model import CommitRange, Target, Tree


def targets_of(
    repository: Repository, pushed: Iterable[PushedCommits]
) -> tuple[list[Target], Mapping[str, tuple[Tree, ...]]]:
    """Return two targets for each ref, its tree and its new commits; and by target name the trees before the push.

    The tree has the findings that are in it now; the commits also have those that one added and another removed.
    """
    targets: list[Target] = []
    bases: dict[str, tuple[Tree, ...]] = {}
    for one in pushed:
        ref = without_pasted_token(one.ref)
        tree = Tree(root=repository.top, name=ref, revision=one.head)
        name = f"commits of {ref}"
        commits = CommitRange(
            root=repository.top, name=name, head=one.head, exclude=one.borders, ref=one.ref, tags=one.tags
        )
        targets += [tree, commits]
        before = (Tree(root=repository.top, name=f"before {one.ref}", revision=border) for border in one.borders)
        bases[tree.name] = bases[name] = tuple(before)
    return targets, bases
