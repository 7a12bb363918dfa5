"""Where a command's report goes: the files that were asked for, and the terminal."""

import argparse
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from gate.core.errors import GateError
from gate.model import GATE, Report
from gate.settings import Settings

if TYPE_CHECKING:
    from gate.reports.terminal import KeptText

_EXPLAINING = frozenset({"sarif", "html"})
"""Formats that show rules' descriptions; collecting these costs the import of all stages."""


def add_amount(parser: argparse.ArgumentParser) -> None:
    """Add how much of a report is printed, for commands that show one."""
    parser.add_argument("-q", "--quiet", action="store_true", help="print the verdict alone")
    parser.add_argument("-v", "--verbose", action="store_true", help="print low findings and facts too")


def load_output(*, is_quiet: bool) -> None:
    """Load what `write_reports` needs for the terminal, which takes as long as to look at a known image."""
    from gate.reports import load_format

    load_format("json")  # for the report that is kept
    if not is_quiet:
        from gate.reports.terminal import sections  # noqa: F401


def write_reports(
    report: Report,
    files: Mapping[str, str],
    settings: Settings | None = None,
    *,
    below: str | None = None,
    is_quiet: bool = False,
    is_verbose: bool = False,
    unwaivable: Mapping[str, str] | None = None,
    kept: "KeptText | None" = None,
) -> int:
    """Write each format to its file, and to the terminal unless standard output has one of them.

    `settings` name the plugins whose rules can be described. With `below` files have to lie below that folder.
    `unwaivable` says by fingerprint why no waiver can accept a finding; `kept` may know what is printed. Returns the
    exit status: the verdict's, or 3 if a report could not be written; the others are written all the same.
    """
    from gate.reports import STANDARD_OUTPUT
    from gate.reports.terminal import print_report

    if not _EXPLAINING.isdisjoint(files):
        report = _explained(report, settings or Settings())
    unwritten = [name for name, path in files.items() if not _is_written(name, report, path, below)]
    if STANDARD_OUTPUT not in files.values():
        print_report(report, sys.stdout, is_quiet=is_quiet, is_verbose=is_verbose, unwaivable=unwaivable, kept=kept)
    return GateError.exit_status if unwritten else report.verdict.status.exit_status


def _is_written(name: str, report: Report, path: str, below: str | None) -> bool:
    from gate.reports import write_report

    try:
        write_report(name, report, path, below)
    except GateError as error:
        from gate.cli.saying import say  # whose patterns take longer to compile than a report to write

        say(str(error))
        return False
    return True


def _explained(report: Report, settings: Settings) -> Report:
    """Return the report with the descriptions of the rules of its stages."""
    from gate.cli.rules import describe_rules
    from gate.stages import STAGES

    named = {finding.stage for finding in report.findings}
    rules = tuple(describe_rules([name for name in (GATE, *STAGES, *settings.plugins) if name in named], settings))
    return msgspec.structs.replace(report, rules=rules)
