"""What folders start, read in workers by the readers of the workspace stage, and judged by no rule."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from gate.core.path_patterns import is_selected
from gate.declarations.workspace import WORKSPACE
from gate.model import StageError, Tree
from gate.pipeline.resources import cache_folder, limits_of, permit_of
from gate.pipeline.workers import Pool
from gate.settings import Settings
from gate.trees import open_tree
from gate.workspace.what_runs import WhatRuns, what_runs


class Compared(msgspec.Struct, frozen=True):
    """What a folder starts now and, if it is compared with something, what it started there."""

    target: str
    now: WhatRuns
    before: WhatRuns | None = None


def collect_starts(
    targets: Sequence[Tree], bases: Mapping[str, Sequence[Tree]], settings: Settings, now: datetime
) -> list[Compared]:
    """Read every folder, and the first of its bases (by the folder's name)."""
    trees = [*targets, *(bases[one.name][0] for one in targets if bases.get(one.name))]
    with (
        cache_folder(settings) as folder,
        Pool(limits_of(settings), permit=permit_of(settings, folder, now)) as pool,
    ):
        outcomes = dict(pool.run(starts_of, trees, settings))
    found = [_read(outcomes[index]) for index in range(len(trees))]
    before = iter(found[len(targets) :])
    return [
        Compared(one.name, found[index], next(before) if bases.get(one.name) else None)
        for index, one in enumerate(targets)
    ]


def starts_of(target: Tree, settings: Settings) -> WhatRuns:
    """Read one folder or revision; made for `Pool.run`."""
    section = settings.of(WORKSPACE)
    return what_runs(open_tree(target), lambda path: is_selected(path, section.paths, section.ignore))


def _read(outcome: WhatRuns | StageError) -> WhatRuns:
    return WhatRuns(errors=(outcome,)) if isinstance(outcome, StageError) else outcome
