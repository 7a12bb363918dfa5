"""Write a bill of materials of folders and images: what they hold, as CycloneDX or SPDX."""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime

from gate import __version__
from gate.app.project import build_images, open_project, targets_of
from gate.app.roots import root_of
from gate.cli.options import OF_RUNS, OF_VERDICTS, Heeded, add_options, from_flags
from gate.cli.saying import say
from gate.core.errors import GateError
from gate.declarations import DECLARED
from gate.model import Inventory, Report, Tool, Verdict, VerdictStatus
from gate.reports import write_report, write_text

_HEEDED = Heeded(
    stages=tuple(name for name, stage in DECLARED.items() if stage.lists_packages),
    keys=OF_RUNS,
)
_PLAIN = "json"
FORMATS = ("cyclonedx", "cyclonedx-1.7", "spdx", "spdx-3", _PLAIN)


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="folder or image; default: this repository")
    described = "default: cyclonedx (1.6); spdx is 2.3, spdx-3 is 3.0.1, json the gate's own"
    parser.add_argument("--format", choices=FORMATS, default=FORMATS[0], help=described)
    parser.add_argument(
        "--in-use", action="store_true", help="state for each package whether the image uses it, and why"
    )
    parser.add_argument("--output", default="-", metavar="FILE", help="default: standard output")
    parser.add_argument("--config", metavar="FILE", help="settings file; default: gate.yaml of the first folder")
    add_options(parser, without=OF_VERDICTS, heeded=_HEEDED)


def run(options: argparse.Namespace) -> int:
    """Write the bill and return the exit status: 3 if something could not be read, and the bill says so too."""
    from gate.pipeline.packages import Asked, collect

    project = open_project(root_of(options.targets), flags=from_flags(options), config=options.config)
    targets = targets_of(options.targets, project)
    build_images(project)
    bills = collect(targets, Asked(settings=project.settings, now=datetime.now(UTC), in_use=options.in_use))
    _write(_report(bills.inventories), options)
    for error in bills.errors:
        say(f"{error} (in {error.target})")
    for note in bills.unread:
        say(f"left out of the bill: {note}")
    return GateError.exit_status if bills.errors else 0


def _write(report: Report, options: argparse.Namespace) -> None:
    if options.format != _PLAIN:
        write_report(options.format, report, options.output)
        return
    from gate.core.json_text import json_utf8
    from gate.reports.inventories import inventories_in
    from gate.reports.sbom.components import parts_of
    from gate.reports.sbom.plain import bill_of

    bill = bill_of(parts_of(inventories_in(report, _PLAIN)), report.tool)
    write_text(_PLAIN, json_utf8(bill).decode(), options.output)


def _report(inventories: Sequence[Inventory]) -> Report:
    """Return a report of a run that judged nothing."""
    return Report(
        tool=Tool(name="gate", version=__version__),
        verdict=Verdict(status=VerdictStatus.PASS),
        stages=(),
        findings=(),
        packages=sum(len(one.packages) for one in inventories),
        inventories=tuple(inventories),
    )
