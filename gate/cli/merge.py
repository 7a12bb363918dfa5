"""Join the JSON reports of parallel jobs into one verdict; what is missing makes it incomplete."""

import argparse
from typing import TYPE_CHECKING

from gate.cli.output import write_reports
from gate.errors import UnreadableError
from gate.settings_options import pairs

if TYPE_CHECKING:
    from gate.model import Report


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `gate merge`."""
    parser.add_argument("files", nargs="+", metavar="REPORT.json", help="reports of `gate run --report json=FILE`")
    parser.add_argument(
        "--report", action="append", default=[], metavar="FORMAT=FILE", help="format, and where to write it (repeat)"
    )
    parser.add_argument("--verbose", action="store_true", help="print low findings and facts too")


def run(options: argparse.Namespace) -> int:
    """Write the joined report, else print it; return the exit status of its verdict."""
    from gate.pipeline.merge import merge
    from gate.reports import check_reports

    files = pairs(options.report, "--report", "FORMAT=FILE")
    check_reports(files)
    return write_reports(merge(*_read(options.files)), files, is_verbose=options.verbose)


def _read(paths: list[str]) -> "tuple[list[Report], list[str]]":
    """Return the reports, and of each file that cannot be read why: its part is missing then."""
    from gate.reports.reading import read_report

    reports, unread = [], []
    for path in paths:
        try:
            reports.append(read_report(path))
        except UnreadableError as error:
            unread.append(str(error))
    return reports, unread
