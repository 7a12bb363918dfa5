"""Show a JSON report anew, in any format, without scanning."""

import argparse

from gate.cli.options import pairs
from gate.cli.output import write_reports


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `gate report`."""
    parser.add_argument("file", metavar="REPORT.json", help="a report that `gate run --report json=FILE` wrote")
    parser.add_argument(
        "--report", action="append", default=[], metavar="FORMAT=FILE", help="format, and where to write it (repeat)"
    )
    parser.add_argument("--verbose", action="store_true", help="print low findings and facts too")


def run(options: argparse.Namespace) -> int:
    """Write the formats that are asked for, else print to the terminal; return the verdict's exit status."""
    from gate.reports import load_format
    from gate.reports.reading import read_report

    files = pairs(options.report, "--report", "FORMAT=FILE")
    for name in files:
        load_format(name)
    return write_reports(read_report(options.file), files, is_quiet=bool(files), is_verbose=options.verbose)
