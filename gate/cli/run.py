"""Run the pipeline on folders and images and give one verdict."""

import argparse
import signal
from datetime import UTC, datetime

import msgspec

from gate.cli.options import add_options, from_flags
from gate.cli.output import write_reports
from gate.cli.project import Project, bases_of, build_images, open_project, root_of, targets_of, tree_of
from gate.policy.assemble import with_ratchet


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="folder or image; default: this repository")
    parser.add_argument("--config", metavar="FILE", help="settings file; default: gate.yaml of the first folder")
    parser.add_argument("--policy", metavar="FILE", help="the organisation's policy: can be tightened, never loosened")
    add_options(parser)


def run(options: argparse.Namespace) -> int:
    from gate.cli.last_report import keep
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
    build_images(project)
    bases = bases_of(targets, project.settings.since)
    policy = with_ratchet(project.policy, tree_of(bases))
    report = judge(
        targets,
        project.settings,
        msgspec.structs.replace(policy, is_whole=_is_whole(options, project)),
        now=datetime.now(UTC),
        progress=Progress(is_quiet=project.settings.quiet),
        bases=bases,
    )
    keep(report, project.root)
    settings = project.settings
    return write_reports(report, settings.reports, is_quiet=settings.quiet, is_verbose=settings.verbose)


def _is_whole(options: argparse.Namespace, project: Project) -> bool:
    """True if all that the project's settings name is looked at, so that a waiver of nothing is known to be idle."""
    is_narrowed = options.targets or options.stage or options.skip or project.settings.since or project.settings.shard
    return not is_narrowed


def interrupt(*_: object) -> None:
    """End the run as Ctrl-C does: workers are ended, and what was being written is left out."""
    raise KeyboardInterrupt
