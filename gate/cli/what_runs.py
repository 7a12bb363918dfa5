"""List what runs when someone clones, opens, installs, commits, pushes or builds this, and what a change adds to it."""

import argparse
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gate.app.project import bases_of, open_project, target_of
from gate.app.roots import root_of
from gate.cli.options import OF_RUNS, Heeded, add_options, from_flags
from gate.cli.saying import say
from gate.core.errors import GateError, UsageError
from gate.declarations.workspace import WORKSPACE
from gate.model import Tree

if TYPE_CHECKING:
    from gate.app.project import Project

_IGNORED = ("reports", "shard")
_HEEDED = Heeded(stages=(WORKSPACE.name,), keys=OF_RUNS - {"images", "images_from"} | {"since"})


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of `gate what-runs`."""
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="folder; default: this repository")
    parser.add_argument("--format", choices=["text", "json"], default="text", help="default: text")
    parser.add_argument("--config", metavar="FILE", help="settings file; default: gate.yaml of the first folder")
    add_options(parser, without=_IGNORED, heeded=_HEEDED)


def run(options: argparse.Namespace) -> int:
    """Print the list and return the exit status: 3 if a file could not be read, and the list says so too."""
    from gate.cli.what_runs_table import print_json, print_table, without_secret_words
    from gate.pipeline.what_runs import collect_starts

    project = open_project(root_of(options.targets), flags=from_flags(options), config=options.config)
    settings = project.settings
    targets = _folders(options.targets, project)
    bases = bases_of(targets, settings.since, project)
    found = without_secret_words(collect_starts(targets, bases, settings, datetime.now(UTC)))
    if options.format == "json":
        print_json(found, settings.since, sys.stdout)
    else:
        print_table(found, settings.since, sys.stdout, is_quiet=bool(settings.quiet), is_verbose=bool(settings.verbose))
    errors = [error for one in found for error in one.now.errors]
    for error in errors:
        say(str(error))
    return GateError.exit_status if errors else 0


def _folders(words: list[str], project: "Project") -> list[Tree]:
    """Return the folders that are named, or the project's own. Raises UsageError for an image."""
    targets = [target_of(word) for word in words] or [Tree(root=project.root, name=project.root.rpartition("/")[2])]
    for target in targets:
        if not isinstance(target, Tree):
            raise UsageError("is an image; what-runs looks at folders", path=target.name)
    return [target for target in targets if isinstance(target, Tree)]
