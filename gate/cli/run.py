"""Run the pipeline on folders and images and give one verdict."""

import argparse
import signal
import sys
from datetime import UTC, datetime

from gate.cli.options import add_options, from_flags
from gate.cli.project import Project, bases_of, open_project, root_of, targets_of
from gate.errors import GateError
from gate.model import Report
from gate.text import visible_lines


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
        root_of(options.targets), flags=from_flags(options), config=options.config, policy=options.policy
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
        bases=bases_of(targets, project.settings.since),
    )
    return write_reports(report, project)


def interrupt(*_: object) -> None:
    """End the run as Ctrl-C does: workers are ended, and what was being written is left out."""
    raise KeyboardInterrupt


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
        print(f"gate: {visible_lines(str(error))}", file=sys.stderr)
        return False
    return True
