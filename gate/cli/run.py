"""Run the pipeline on folders and images and give one verdict."""

import argparse
import os

from gate.app.roots import root_of
from gate.cli.options import add_options
from gate.trees.index import ask_ahead, listings_of_a_run


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "targets", nargs="*", metavar="TARGET", help="folder, image or docker-host:; default: this repository"
    )
    parser.add_argument("--config", metavar="FILE", help="settings file; default: gate.yaml of the first folder")
    parser.add_argument(
        "--policy", metavar="FILE", help="the organisation's policy: a project can tighten it, never loosen it"
    )
    parser.add_argument("--store", metavar="ADDRESS", help="add what was read to this store (gate store)")
    add_options(parser)


def run(options: argparse.Namespace) -> int:
    root = root_of(options.targets)
    with listings_of_a_run():
        if not options.targets or any(map(os.path.isdir, options.targets)):  # otherwise images alone are judged
            ask_ahead(root)
        from gate.cli.judged import judge  # late: git is at work while it is imported

        return judge(options, root)
