"""The report on the terminal: findings with what to do about them, the worst first; the verdict in the last line."""

import io
import os
from collections.abc import Mapping
from typing import TextIO

from gate.core.errors import GateError
from gate.core.text import clipped
from gate.model import Report
from gate.reports import discard
from gate.reports.wording import verdict_sentence

_WIDTH_OF_A_LOG = 120
"""Columns if the output is no terminal: the usual width of a CI system's log."""


def print_report(
    report: Report,
    stream: TextIO,
    *,
    is_quiet: bool = False,
    is_verbose: bool = False,
    width: int | None = None,
    unwaivable: Mapping[str, str] | None = None,
) -> None:
    """Print `report` to `stream`: if quiet the verdict alone, if verbose also what does not matter much.

    Colours follow the stream, `NO_COLOR` and `FORCE_COLOR`; `width` in columns, None: that of the terminal.
    `unwaivable` says by fingerprint why no waiver can accept a finding.
    Raises GateError if the stream takes no more (a full disk, a reader that hung up).
    """
    try:
        if is_quiet and not _may_have_colours(stream):
            stream.write(f"{clipped(verdict_sentence(report))}\n")
        else:
            _print(report, stream, width or _width(stream), is_quiet, is_verbose, unwaivable)
        stream.flush()
    except OSError as error:
        discard(stream)
        raise GateError(f"the report cannot be printed ({error.strerror})", hint="Write it with --report") from error


def blocking_text(
    report: Report, stream: TextIO, *, is_verbose: bool = False, unwaivable: Mapping[str, str] | None = None
) -> str:
    """Return what blocks as `print_report` shows it on `stream`; unless verbose, only what can be read at once."""
    if not any(one.blocking for one in report.findings):
        return ""
    from gate.reports.terminal.console import Console
    from gate.reports.terminal.sections import blocking_only

    text = io.StringIO()
    is_terminal = stream.isatty()
    console = Console(
        file=text, width=_width(stream), force_terminal=is_terminal, highlight=False, markup=False, emoji=False
    )
    for item in blocking_only(report, is_verbose=is_verbose, has_links=is_terminal, unwaivable=unwaivable):
        console.print(item, crop=False)
    return text.getvalue()


def _print(
    report: Report,
    stream: TextIO,
    width: int | None,
    is_quiet: bool,
    is_verbose: bool,
    unwaivable: Mapping[str, str] | None,
) -> None:
    from gate.reports.terminal.ci_log import Plain, log_of  # late: rich takes longer to import than many a stage to run
    from gate.reports.terminal.console import Console
    from gate.reports.terminal.sections import Manner, parts, verdict

    if isinstance(stream, io.TextIOWrapper):
        # On a terminal that is not UTF-8, characters that it cannot show become escapes instead of a traceback.
        stream.reconfigure(errors="backslashreplace")
    console = Console(file=stream, width=width, highlight=False, markup=False, emoji=False)
    log = Plain() if stream.isatty() else log_of(os.environ, report)
    manner = Manner(is_verbose=is_verbose, has_links=stream.isatty(), unwaivable=unwaivable)
    for part in [] if is_quiet else parts(report, manner):
        stream.write(log.opening(part.fold))
        for item in part.content:
            console.print(item, crop=False)
        stream.write(log.closing(part.fold))
    console.print(verdict(report, verdict_sentence(report)), soft_wrap=True)


def _may_have_colours(stream: TextIO) -> bool:
    """False if rich would print plain text, so that it need not be imported."""
    return stream.isatty() or not os.environ.keys().isdisjoint(("FORCE_COLOR", "TTY_COMPATIBLE"))


def _width(stream: TextIO) -> int | None:
    return None if stream.isatty() or os.environ.get("COLUMNS") else _WIDTH_OF_A_LOG
