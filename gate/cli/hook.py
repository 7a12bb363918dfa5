"""Install or uninstall git's hooks, or run one: it refuses a push or commit that adds what the policy blocks."""

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from gate.core.errors import GateError, UnreadableError

if TYPE_CHECKING:
    from gate.app.hooks.message import Occasion
    from gate.app.hooks.protected import Protected
    from gate.app.hooks.protocol import PushedRef
    from gate.app.hooks.push import PushedCommits
    from gate.app.project import Project
    from gate.git import Repository
    from gate.model import Report, Target, Tree
    from gate.policy.trusted_sources import Comparison

_WORK = {"pre-push": "push", "pre-commit": "commit"}
"""By hook, what it judges."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `gate hook`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    installing = actions.add_parser(
        "install", help="judge every push of this repository; an existing hook keeps running"
    )
    installing.add_argument("--pre-commit", action="store_true", help="judge every commit instead: what is staged")
    actions.add_parser("uninstall", help="bring back the hooks that were there before")
    judging = actions.add_parser("run", help="judge the push that git describes on standard input")
    judging.add_argument("remote", help="name of the remote, or its address")
    judging.add_argument("url", help="address of the remote")
    staged = actions.add_parser("staged", help="judge what is staged, against HEAD (git's pre-commit hook)")
    staged.add_argument(
        "--all-files", action="store_true", help="judge all files as they are staged, not only what is new in them"
    )
    actions.add_parser("pushed", help="judge the push that the pre-commit framework describes")


def run(options: argparse.Namespace) -> int:
    """Install, uninstall or run a hook, and return the exit status."""
    if options.action != "run":
        options.prepare()
    match options.action:
        case "install":
            return _install("pre-commit" if options.pre_commit else "pre-push")
        case "uninstall":
            return _uninstall()
        case "staged":
            return _staged(options)
        case "pushed":
            return _pushed()
        case _:
            return _run(options)


def _install(name: str) -> int:
    from pathlib import Path

    from gate.app.hooks.install import find_hook, install
    from gate.cli.saying import confirm

    hook = find_hook(Path.cwd(), name)
    install(hook)
    confirm(f"Every {_WORK[name]} is judged now: {hook.path}")
    if hook.before.exists():
        confirm(f"The hook that was there before runs first: {hook.before}")
    if hook.has_tracked_siblings:
        confirm("git tracks files in this folder: a change can add its own hook, which git also runs.")
    if hook.is_shared:
        confirm("This folder is outside of the repository: every repository that uses it is judged.")
    return 0


def _uninstall() -> int:
    from pathlib import Path

    from gate.app.hooks.install import find_hook, uninstall
    from gate.cli.saying import confirm

    hooks = {name: find_hook(Path.cwd(), name) for name in _WORK}
    gone = [name for name, hook in hooks.items() if uninstall(hook)]
    for name in gone:
        confirm("Pushes are no longer judged." if name == "pre-push" else "Commits are no longer judged.")
        if hooks[name].path.exists():
            confirm(f"The hook that was there before is back: {hooks[name].path}")
    if not gone:
        confirm(f"The gate has no hook at {hooks['pre-push'].path}.")
    return 0


def _run(options: argparse.Namespace) -> int:
    """Judge a push. All text goes to standard error: standard output belongs to git, as in `git push --porcelain`."""
    from gate.app.hooks.protocol import read_push

    refs = [ref for ref in read_push(sys.stdin.buffer) if not ref.is_deletion]
    if not refs:
        return 0
    options.prepare()
    from gate.app.hooks.message import PUSH

    return _analysed(PUSH, lambda: _judge_push(options.remote, refs, options.url))


def _pushed() -> int:
    from gate.app.hooks.framework import read_environment
    from gate.app.hooks.message import PUSH

    def judge() -> "_Judged | None":
        remote, ref = read_environment(os.environ, _repository())
        return _judge_push(remote, [ref], os.environ.get("PRE_COMMIT_REMOTE_URL", ""))

    return _analysed(PUSH, judge)


def _staged(options: argparse.Namespace) -> int:
    from gate.app.hooks.framework import is_run_by_hand
    from gate.app.hooks.message import ALL_FILES, COMMIT
    from gate.app.hooks.staged import staged_tree, targets_of

    judges_all = options.all_files or is_run_by_hand(os.environ)

    def judge() -> "_Judged":
        repository = _repository()
        targets, bases = targets_of(repository, staged_tree(repository))
        return _judged(repository, targets, {} if judges_all else bases)

    return _analysed(ALL_FILES if judges_all else COMMIT, judge)


class _Judged(NamedTuple):
    """A report, and what it takes to show it."""

    report: "Report"
    project: "Project"


def _analysed(occasion: "Occasion", judge: "Callable[[], _Judged | None]") -> int:
    """Judge, print the result, and return the exit status; without a report there was nothing to judge."""
    from gate.app.hooks.message import message, refusal

    try:
        judged = judge()
    except GateError:
        print(refusal(occasion), file=sys.stderr)
        raise
    if judged is None:
        return 0
    from gate.policy.unwaivable import unwaivable

    report, project = judged
    why = unwaivable(report.findings, project.policy, datetime.now(UTC))
    lines = message(report, occasion, unwaivable=why, is_verbose=project.settings.verbose)
    print("\n".join(lines), file=sys.stderr)
    return report.verdict.status.exit_status


def _repository() -> "Repository":
    from gate.app.hooks.same_repository import check_same
    from gate.git import Repository

    here = os.getcwd()
    repository = Repository.find(here)
    if repository is None:
        raise UnreadableError("has no working tree with a gate.yaml to use", path=here, hint="Push from a clone")
    check_same(repository, os.environ)
    return repository


def _judge_push(remote: str, refs: "Sequence[PushedRef]", url: str) -> "_Judged | None":
    """Return what came of it, or None if the remote has all commits already."""
    from gate.app.hooks.protected import Protected, protected_bases
    from gate.app.hooks.push import find_pushed_commits
    from gate.app.hooks.targets import targets_of

    repository = _repository()
    protected = Protected(repository, remote, url)
    bases = protected_bases(protected, refs, _protected_by_settings(repository, protected, refs))
    pushed = find_pushed_commits(repository, remote, refs, url, bases)
    if not pushed:
        return None
    return _judged(repository, *targets_of(repository, pushed), _comparison(pushed, bases))


def _protected_by_settings(
    repository: "Repository", protected: "Protected", refs: "Sequence[PushedRef]"
) -> tuple[str, ...]:
    """Return the further branches that the settings of the default branch, or a policy, protect."""
    from gate.app.project import open_project
    from gate.policy.trusted_sources import Comparison

    base = protected.default_base()
    if base is None or all(map(protected.holds, refs)):
        return ()
    return open_project(repository.top, flags={}, comparison=Comparison(bases=(base,))).settings.protected_branches


def _comparison(pushed: "Sequence[PushedCommits]", bases: "Mapping[str, str]") -> "Comparison | None":
    """Return what a push to protected branches is compared with; None if it only updates other branches."""
    from gate.policy.trusted_sources import Comparison

    held = [one for one in pushed if one.ref in bases]
    if not held:
        return None
    return Comparison(bases=tuple(dict.fromkeys(bases[one.ref] for one in held)), head=held[0].head)


def _judged(
    repository: "Repository",
    targets: "Sequence[Target]",
    bases: "Mapping[str, Sequence[Tree]]",
    comparison: "Comparison | None" = None,
) -> _Judged:
    from gate.app.api import judge_targets
    from gate.app.project import open_project
    from gate.cli.last_report import keep
    from gate.pipeline.progress import Progress
    from gate.reports.excerpts import lines_shown

    project = open_project(repository.top, flags={}, comparison=comparison)
    is_quiet = project.settings.quiet or not sys.stderr.isatty()
    excerpts_of = partial(lines_shown, (), is_verbose=project.settings.verbose)
    report = judge_targets(project, targets, bases, Progress(is_quiet=is_quiet), excerpts_of=excerpts_of)
    keep(report, repository.top)
    return _Judged(report, project)
