"""The library interface: `from gate import run`. The command line uses the same functions."""

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from gate.app.project import Project, bases_of, build_images, check_no_folder_before, open_project, targets_of, tree_of
from gate.app.roots import root_of
from gate.model import CommitRange, Report, Target, Tree, Trust
from gate.pipeline.plan import check_looked_at
from gate.pipeline.progress import Progress
from gate.policy.assemble import with_ratchet
from gate.policy.changes import SettingsChange, describe_change

if TYPE_CHECKING:
    from gate.pipeline.deployed import DeploymentOf
    from gate.pipeline.excerpts import Choose
    from gate.pipeline.run import DescribeChange


def run(
    *targets: str,
    settings: Mapping[str, Any] | None = None,
    config: str | None = None,
    policy: str | None = None,
    now: datetime | None = None,
) -> Report:
    """Judge folders and images as `gate run` does, and return the report; nothing is written or printed.

    `targets` are folders and images as on the command line; without any, the current repository is judged.
    `settings` has the shape of `gate.yaml` and is stronger than file and environment: `{"offline": True}`. `config` and
    `policy` are what `--config` and `--policy` name; `now` is the time by which graces and waivers count.

    Raises UsageError for targets, settings or policies that are wrong, and GateError for what cannot be fetched or
    built. What a stage could not do is no exception: `report.verdict.status` is `VerdictStatus.INCOMPLETE` then.
    """
    layer = dict(settings or {})
    project = open_project(root_of(list(targets)), flags=layer, config=config, policy=policy)
    is_whole = not targets and not layer.keys() & {"stages", "only_plugins", "skip_plugins"}
    return judge_project(project, targets, Progress(is_quiet=True), is_whole=is_whole, now=now)


def judge_project(
    project: Project,
    words: Sequence[str],
    progress: Progress,
    *,
    is_whole: bool,
    now: datetime | None = None,
    deployment_of: "DeploymentOf | None" = None,
    excerpts_of: "Choose" = tuple,
) -> Report:
    """Judge the targets that `words` name (none: the project's folder) and the images of its settings.

    `is_whole` means that no stage or target of the project is left out, so that a waiver without a finding is unused.
    `deployment_of` says where a target is deployed, `excerpts_of` which findings are shown with the lines around them.
    """
    settings = project.settings
    targets = targets_of(list(words), project)
    named = [target for target in targets if target.name in words] if words else targets
    check_no_folder_before(named, project)
    check_looked_at(named, settings, each=bool(words))
    build_images(project)
    whole = is_whole and not (settings.since or settings.shard)
    if settings.since is None and settings.only_plugins is None:  # compared with nothing, and no `--stage` was given
        policy = msgspec.structs.replace(project.policy, may_look_at_nothing=False)
        project = msgspec.structs.replace(project, policy=policy)
    return judge_targets(
        project,
        targets,
        bases_of(targets, settings.since, project),
        progress,
        is_whole=whole,
        now=now,
        deployment_of=deployment_of,
        excerpts_of=excerpts_of,
    )


def judge_targets(
    project: Project,
    targets: Sequence[Target],
    bases: Mapping[str, Sequence[Tree]],
    progress: Progress,
    *,
    is_whole: bool = False,
    now: datetime | None = None,
    deployment_of: "DeploymentOf | None" = None,
    excerpts_of: "Choose" = tuple,
) -> Report:
    """Judge targets by the project's settings and policy; a finding that is also in their `bases` (by name) is not new.

    The command line, the hooks and `run` all get their reports from here.
    """
    from gate.pipeline.evidence import chosen_in
    from gate.pipeline.run import judge

    before = tree_of(bases, targets) if project.policy.has_ratchet else None
    policy = msgspec.structs.replace(with_ratchet(project.policy, before), is_whole=is_whole)
    return judge(
        targets,
        project.settings,
        policy,
        now=now or datetime.now(UTC),
        progress=progress,
        bases=bases,
        trust=trust_in(project, targets, bases),
        describe_change=change_describer(project, targets),
        chosen=chosen_in(project.settings, project.folder),
        deployment_of=deployment_of,
        excerpts_of=excerpts_of,
    )


def change_describer(project: Project, targets: Sequence[Target]) -> "DescribeChange | None":
    """Return what says, given the new findings, what the change would loosen; None outside of a comparison."""
    return partial(describe_change, _placed(project.change, project, targets)) if project.change else None


def _placed(change: SettingsChange, project: Project, targets: Sequence[Target]) -> SettingsChange:
    """Return the change with the name of the target that holds its files, as reports show it."""
    folders = (target for target in targets if isinstance(target, Tree | CommitRange))
    own = next((one.name for one in folders if os.path.realpath(one.root) == os.path.realpath(project.root)), None)
    return msgspec.structs.replace(change, target=own) if own else change


def trust_in(project: Project, targets: Sequence[Target], bases: Mapping[str, Sequence[Tree]]) -> Trust:
    """Return which files are trusted; in the mode `base`, with the trees of each target that is compared."""
    trust = project.trust
    if trust.mode != "base":
        return trust
    compared = [target for target in targets if isinstance(target, Tree | CommitRange) and target.name in bases]
    return msgspec.structs.replace(trust, bases={one.name: _trees(one, project, bases) for one in compared})


def _trees(target: Tree | CommitRange, project: Project, bases: Mapping[str, Sequence[Tree]]) -> tuple[Tree, ...]:
    """Return the trusted trees of a target; for one of another repository, those that it is compared with."""
    if not Path(os.path.realpath(target.root)).is_relative_to(os.path.realpath(project.top)):
        return tuple(bases[target.name])
    return tuple(Tree(root=target.root, name=target.name, revision=commit) for commit in project.base_commits)
