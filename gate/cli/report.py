"""Show a JSON report anew, in any format, without scanning; `trend` shows how several moved."""

import argparse
import sys

from gate.cli.output import add_amount, write_reports
from gate.cli.signed import add_key, check_key, read_signed
from gate.core.errors import UsageError
from gate.reports import check_reports, write_text
from gate.settings.options import pairs

_TREND = "trend"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `gate report`."""
    parser.add_argument(
        "files",
        nargs="+",
        metavar="REPORT.json",
        help="a report that `gate run --report json=FILE` wrote; or the word trend, and several reports",
    )
    parser.add_argument(
        "--report", action="append", default=[], metavar="FORMAT=FILE", help="format, and where to write it (repeat)"
    )
    add_key(parser)
    add_amount(parser)


def run(options: argparse.Namespace) -> int:
    """Write the formats that are asked for, else print to the terminal; return the verdict's exit status."""
    check_key(options.key)
    files = pairs(options.report, "--report", "FORMAT=FILE")
    if options.files[0] == _TREND:
        return _trend(options.files[1:], files)
    if len(options.files) > 1:
        raise UsageError("one report is shown at a time", hint="gate report trend REPORT.json … shows how they moved")
    check_reports(files)
    report = read_signed(options.files[0], options.key, is_acted_upon=options.key is not None)
    return write_reports(report, files, is_quiet=options.quiet or bool(files), is_verbose=options.verbose)


def _trend(paths: list[str], files: dict[str, str]) -> int:
    """Write the history as a page, or draw it; return 0: it is no verdict."""
    from gate.reports.reading import read_report
    from gate.reports.trend import history
    from gate.reports.trend.page import page
    from gate.reports.trend.sparkline import lines

    if not paths or files.keys() - {"html"}:
        raise UsageError("trend takes reports, and --report html=FILE", hint="gate report trend REPORT.json …")
    points = history(read_report(path) for path in paths)
    if "html" in files:
        write_text("trend", page(points), files["html"])
    else:
        sys.stdout.writelines(f"{line}\n" for line in lines(points))
    return 0
