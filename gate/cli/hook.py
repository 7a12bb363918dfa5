"""Install or uninstall the git pre-push hook, or run it: it refuses a push that adds what the policy blocks."""

import argparse
import gc
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gate.errors import GateError, UnreadableError

if TYPE_CHECKING:
    from gate.git import Repository
    from gate.hooks.push import PushedCommits, PushedRef
    from gate.model import Report

_FEW_COLLECTIONS = (100_000, 50, 100)
"""Limits of Python's garbage collector: a hook's process is short, and imports alone start dozens (20 ms)."""


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("install", help="judge every push of this repository; a hook that is there keeps running")
    actions.add_parser("uninstall", help="bring back the hook that was there before")
    judging = actions.add_parser("run", help="judge the push that git describes on standard input")
    judging.add_argument("remote", help="name of the remote, or its address")
    judging.add_argument("url", help="address of the remote")


def run(options: argparse.Namespace) -> int:
    if options.action == "install":
        return _install()
    if options.action == "uninstall":
        return _uninstall()
    return _run(options.remote)


def _install() -> int:
    from gate.hooks.install import find_hook, install

    hook = find_hook(Path.cwd())
    install(hook)
    print(f"Every push is judged now: {hook.path}")
    if hook.before.exists():
        print(f"The hook that was there before runs first: {hook.before}")
    if hook.is_shared:
        print("This folder is outside of the repository: every repository that uses it is judged.")
    return 0


def _uninstall() -> int:
    from gate.hooks.install import find_hook, uninstall

    hook = find_hook(Path.cwd())
    is_gone = uninstall(hook)
    print("Pushes are not judged any more." if is_gone else f"There is no hook of the gate at {hook.path}.")
    if is_gone and hook.path.exists():
        print(f"The hook that was there before is back: {hook.path}")
    return 0


def _run(remote: str) -> int:
    """Judge a push. All text goes to standard error: standard output belongs to git, as in `git push --porcelain`."""
    from gate.hooks.push import read_push

    refs = [ref for ref in read_push(sys.stdin.buffer) if not ref.is_deletion]
    if not refs:
        return 0
    gc.set_threshold(*_FEW_COLLECTIONS)
    from gate.hooks.message import message, refusal

    try:
        report = _judge(remote, refs)
    except GateError:
        print(refusal(), file=sys.stderr)
        raise
    if report is None:
        return 0
    print("\n".join(message(report)), file=sys.stderr)
    return report.verdict.status.exit_status


def _judge(remote: str, refs: Sequence["PushedRef"]) -> "Report | None":
    """Return the report, or None if the remote has all commits already."""
    from gate.git import Repository
    from gate.hooks.push import find_pushed_commits

    here = str(Path.cwd())
    repository = Repository.find(here)
    if repository is None:
        raise UnreadableError("has no working tree with a gate.yaml to judge by", path=here, hint="Push from a clone")
    pushed = find_pushed_commits(repository, remote, refs)
    return _report(repository, pushed) if pushed else None


def _report(repository: "Repository", pushed: Sequence["PushedCommits"]) -> "Report":
    from datetime import UTC, datetime

    from gate.cli.last_report import keep
    from gate.cli.project import open_project, tree_of
    from gate.hooks.targets import targets_of
    from gate.pipeline.progress import Progress
    from gate.pipeline.run import judge
    from gate.policy.assemble import with_ratchet

    project = open_project(repository.top, flags={})
    targets, bases = targets_of(repository, pushed)
    is_quiet = project.settings.quiet or not sys.stderr.isatty()
    report = judge(
        targets,
        project.settings,
        with_ratchet(project.policy, tree_of(bases)),
        now=datetime.now(UTC),
        progress=Progress(is_quiet=is_quiet),
        bases=bases,
    )
    keep(report, repository.top)
    return report
