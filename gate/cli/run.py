"""Run the pipeline on folders and images and give one verdict."""

import argparse
import signal
import sys
from datetime import UTC, datetime

from gate.cli import printable
from gate.cli.options import add_options, from_flags
from gate.cli.project import Project, current_root, open_project, targets_of
from gate.errors import GateError, UsageError
from gate.model import Report, Target, Tree


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="folder or image; default: this repository")
    parser.add_argument("--config", metavar="FILE", help="settings file; default: gate.yaml of the first folder")
    parser.add_argument("--policy", metavar="FILE", help="the organisation's policy: can be tightened, never loosened")
    add_options(parser)


def run(options: argparse.Namespace) -> int:
    from gate.pipeline.progress import Progress
    from gate.pipeline.run import judge
    from gate.reports import load_format

    signal.signal(signal.SIGTERM, interrupt)
    project = open_project(
        _root(options.targets), flags=from_flags(options), config=options.config, policy=options.policy
    )
    for name in project.settings.reports:
        load_format(name)  # a wrong name is said before the work, not after
    targets = targets_of(options.targets, project)
    report = judge(
        targets,
        project.settings,
        project.policy,
        now=datetime.now(UTC),
        progress=Progress(is_quiet=project.settings.quiet),
        bases=_bases(targets, project.settings.since),
    )
    return write_reports(report, project)


def interrupt(*_: object) -> None:
    """End the run as Ctrl-C does: workers are ended, and what was being written is left out."""
    raise KeyboardInterrupt


def _root(words: list[str]) -> str:
    from pathlib import Path

    return next((str(Path(word).resolve()) for word in words if Path(word).is_dir()), None) or current_root()


def _bases(targets: list[Target], since: str | None) -> dict[str, tuple[Tree]]:
    """Return for each folder the tree of its merge base with `since`. Raises UsageError if there is none."""
    if since is None:
        return {}
    return {target.name: (_base(target, since),) for target in targets if isinstance(target, Tree)}


def _base(target: Tree, since: str) -> Tree:
    from gate.git import Repository

    repository = Repository.find(target.root)
    if repository is None:
        raise UsageError("is not in a git repository, so --since has no meaning", path=target.name)
    revision = repository.commit_id(since)
    if revision is None:
        raise UsageError(f"git knows no commit {since}", path=target.name, hint="Is the clone shallow? Fetch it first")
    base = repository.merge_base("HEAD", revision)
    if base is None:
        raise UsageError(f"HEAD and {since} have no commit in common", path=target.name, hint="Fetch more history")
    return Tree(root=target.root, name=target.name, revision=base)


def write_reports(report: Report, project: Project) -> int:
    """Write what was asked for and return the exit status: the verdict's, or 3 if a report could not be written."""
    from gate.reports import STANDARD_OUTPUT
    from gate.reports.terminal import print_report

    settings = project.settings
    unwritten = [name for name, path in settings.reports.items() if not _is_written(name, report, path)]
    if STANDARD_OUTPUT not in settings.reports.values():
        print_report(report, sys.stdout, is_quiet=settings.quiet, is_verbose=settings.verbose)
    return GateError.exit_status if unwritten else report.verdict.status.exit_status


def _is_written(name: str, report: Report, path: str) -> bool:
    from gate.reports import write_report

    try:
        write_report(name, report, path)
    except GateError as error:
        print(f"gate: {printable(str(error))}", file=sys.stderr)
        return False
    return True
