"""Run the pipeline on folders and images and give one verdict."""

import argparse
from datetime import UTC, datetime

from gate.app.api import judge_project
from gate.app.project import open_project, root_of
from gate.cli.first_fail import suggest_baseline
from gate.cli.last_report import keep
from gate.cli.options import add_options, from_flags
from gate.cli.output import load_output, write_reports
from gate.cli.own_reports import check_own_reports
from gate.pipeline.progress import Progress
from gate.policy.unwaivable import unwaivable
from gate.reports import check_reports


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="folder or image; default: this repository")
    parser.add_argument("--config", metavar="FILE", help="settings file; default: gate.yaml of the first folder")
    parser.add_argument(
        "--policy", metavar="FILE", help="the organisation's policy: a project can tighten it, never loosen it"
    )
    add_options(parser)


def run(options: argparse.Namespace) -> int:
    project = open_project(
        root_of(options.targets), flags=from_flags(options), config=options.config, policy=options.policy
    )
    below = check_own_reports(project)
    check_reports(project.settings.reports)
    settings = project.settings
    progress = Progress(is_quiet=settings.quiet, meanwhile=lambda: load_output(is_quiet=settings.quiet))
    report = judge_project(project, options.targets, progress, is_whole=_is_whole(options))
    keep(report, project.root)
    status = write_reports(
        report,
        settings.reports,
        settings,
        below=below,
        is_quiet=settings.quiet,
        is_verbose=settings.verbose,
        unwaivable=unwaivable(report.findings, project.policy, datetime.now(UTC)),
    )
    suggest_baseline(report, project, options)
    return status


def _is_whole(options: argparse.Namespace) -> bool:
    """True if no target or stage of the project is left out."""
    return not (options.targets or options.stage or options.skip)
