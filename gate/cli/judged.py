"""What `gate run` does once git is at work: read the settings, judge, and write the reports."""

import argparse
import os
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from gate.app.api import judge_project
from gate.app.project import Project, open_project
from gate.cli.first_fail import suggest_baseline
from gate.cli.last_report import keep, text_of
from gate.cli.options import from_flags
from gate.cli.output import load_output, write_reports
from gate.cli.own_reports import check_own_reports
from gate.cli.store_options import VARIABLE
from gate.core.errors import GateError, empty
from gate.model import Report
from gate.pipeline.progress import Progress
from gate.policy.unwaivable import unwaivable
from gate.reports import check_reports
from gate.reports.excerpts import lines_shown

if TYPE_CHECKING:
    from gate.pipeline.deployed import DeploymentOf

_WORST = (0, 1, 3)
"""Exit statuses, the worst last."""


def judge(options: argparse.Namespace, root: str) -> int:
    """Judge what the options name, in the project of the folder `root`, and return the exit status."""
    project = open_project(root, flags=from_flags(options), config=options.config, policy=options.policy)
    below = check_own_reports(project)
    check_reports(project.settings.reports)
    settings = project.settings
    progress = Progress(is_quiet=settings.quiet, meanwhile=lambda: load_output(is_quiet=settings.quiet))
    address = _store(options)
    deployments, unread = _deployments(address)
    report = judge_project(
        project,
        options.targets,
        progress,
        is_whole=_is_whole(options),
        deployment_of=deployments,
        excerpts_of=partial(lines_shown, tuple(settings.reports), is_verbose=settings.verbose),
    )
    keep(report, project.root)
    status = write_reports(
        report,
        settings.reports,
        settings,
        below=below,
        is_quiet=settings.quiet,
        is_verbose=settings.verbose,
        unwaivable=unwaivable(report.findings, project.policy, datetime.now(UTC)),
        kept=partial(text_of, project.root) if settings.cache else None,
    )
    suggest_baseline(report, project, options)
    added = _add(report, project, address) if address else 0
    return max(status, unread, added, key=_WORST.index)


def _store(options: argparse.Namespace) -> str | None:
    """Return the address of the store that flag or environment name, if any. Raises UsageError for an empty flag."""
    if options.store == "":
        raise empty("--store")
    return options.store or os.environ.get(VARIABLE) or None


def _deployments(address: str | None) -> "tuple[DeploymentOf | None, int]":
    """Return what a store knows of what runs, and 3 if it cannot be read, which is no reason to lose the verdict."""
    if address is None:
        return None, 0
    from gate.fleet.contexts import contexts
    from gate.fleet.deployments import Deployments
    from gate.fleet.store import open_store

    try:
        known = Deployments(contexts(open_store(address)))
    except GateError as error:
        from gate.cli.saying import say

        say(f"where it is deployed is unknown: {error}")
        return None, GateError.exit_status
    return (known.of_input if known else None), 0


def _add(report: Report, project: Project, address: str) -> int:
    """Add the report to a store; return 3 if it cannot be added, which is no reason to lose the verdict."""
    from gate.fleet.owners import owners_in
    from gate.fleet.reading import add_report
    from gate.fleet.store import open_store

    try:
        add_report(open_store(address), report, owners_of=owners_in(project.top or project.root))
    except GateError as error:
        from gate.cli.saying import say

        say(str(error))
        return GateError.exit_status
    return 0


def _is_whole(options: argparse.Namespace) -> bool:
    """True if no target or stage of the project is left out."""
    return not (options.targets or options.stage or options.skip)
