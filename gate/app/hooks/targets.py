"""What a push adds, as targets of the pipeline and the trees that they are compared with."""

import re
from collections.abc import Iterable, Mapping
from functools import cache, partial

from gate.app.hooks.push import PushedCommits
from gate.core.lazy import LazyMapping
from gate.git import Repository
from gate.model import CommitRange, Target, Tree
from gate.trees.previous import tree_before

_TOKEN = re.compile(r"(?=[A-Za-z_]*[0-9])(?![0-9a-f]+\b)\w{20,}", re.ASCII)
"""What a token pasted into a branch's name looks like: it is not shown, whoever reads the report."""


def targets_of(
    repository: Repository, pushed: Iterable[PushedCommits]
) -> tuple[list[Target], Mapping[str, tuple[Tree, ...]]]:
    """Return two targets a ref, what it is to be and how it came to be, and by target name what was there before.

    The tree shows what is wrong now; the commits also show what one of them added and another took away again. What was
    there before is asked of git if something is wrong: it compares the two for renames.
    """
    targets: list[Target] = []
    bases = {}
    for one in pushed:
        ref = _TOKEN.sub(lambda found: found[0][:4] + "…", one.ref)
        tree = Tree(root=repository.top, name=ref, revision=one.head)
        name = f"commits of {ref}"
        commits = CommitRange(
            root=repository.top, name=name, head=one.head, exclude=one.borders, ref=one.ref, tags=one.tags
        )
        targets += [tree, commits]
        bases[tree.name] = bases[name] = cache(partial(_before, repository, one))
    return targets, LazyMapping(bases)


def _before(repository: Repository, pushed: PushedCommits) -> tuple[Tree, ...]:
    name = f"before {pushed.ref}"
    return tuple(tree_before(repository, repository.top, name, border, pushed.head) for border in pushed.borders)
