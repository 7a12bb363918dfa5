"""What `gate run` suggests when findings fail a project that has not adopted the gate yet."""

import argparse
import shlex

from gate.app.project import Project
from gate.cli.ci_systems import running_ci
from gate.cli.options import from_flags
from gate.cli.saying import say
from gate.model import Report
from gate.model.report import VerdictStatus
from gate.settings.sources import find_file


def suggest_baseline(report: Report, project: Project, options: argparse.Namespace) -> None:
    """Say in one line how to record what is there, after a failed run of a project without settings and baseline.

    Not in a CI system, where the next run would know nothing of it, nor in a comparison, where old findings pass.
    """
    is_worth_it = report.verdict.status is VerdictStatus.FAIL and not project.settings.quiet
    if is_worth_it and not running_ci() and _is_new_here(project, options):
        command = shlex.join(["gate", "baseline", *options.targets])
        say(f"`{command}` records what is there today, so that only new findings block")


def _is_new_here(project: Project, options: argparse.Namespace) -> bool:
    """True if the project has neither a baseline nor settings, and is compared with nothing."""
    is_compared = project.settings.since is not None or "since" in from_flags(options)
    has_baseline = bool(project.policy.baseline.key)
    return not (is_compared or has_baseline or options.config or find_file(project.root))
