"""Join the JSON reports of parallel jobs into one verdict; what is missing makes it incomplete."""

import argparse
from typing import TYPE_CHECKING

from gate.cli.output import add_amount, write_reports
from gate.cli.signed import add_key, check_key, read_signed
from gate.core.errors import UnreadableError, UsageError
from gate.reports import check_reports
from gate.settings.options import pairs

if TYPE_CHECKING:
    from gate.model import Report


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `gate merge`."""
    parser.add_argument("files", nargs="+", metavar="REPORT.json", help="reports of `gate run --report json=FILE`")
    parser.add_argument(
        "--report", action="append", default=[], metavar="FORMAT=FILE", help="format, and where to write it (repeat)"
    )
    parser.add_argument(
        "--parts", type=int, metavar="N", help="how many parts the run has; default: what the parts themselves state"
    )
    add_key(parser)
    add_amount(parser)


def run(options: argparse.Namespace) -> int:
    """Write the joined report, else print it; return the exit status of its verdict."""
    from gate.pipeline.merge import merge

    _check_given(options)
    files = pairs(options.report, "--report", "FORMAT=FILE")
    check_reports(files)
    reports, unread = _read(options.files, options.key)
    return write_reports(
        merge(reports, unread, options.parts), files, is_quiet=options.quiet, is_verbose=options.verbose
    )


def _check_given(options: argparse.Namespace) -> None:
    """Raise UsageError for a number or key that is none: of a variable that is not set, nothing would be checked."""
    if options.parts is not None and options.parts < 1:
        raise UsageError("--parts: a run has one part at least")
    check_key(options.key)


def _read(paths: list[str], key: str | None) -> "tuple[list[Report], list[str]]":
    """Return the reports, and of each file that cannot be read why: its part is missing then."""
    reports, unread = [], []
    for path in paths:
        try:
            reports.append(read_signed(path, key))
        except UnreadableError as error:
            unread.append(str(error))
    return reports, unread
