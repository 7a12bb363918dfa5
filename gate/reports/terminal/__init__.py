"""The report on the terminal: findings with what to do about them, the worst first; the verdict in the last line."""

import os
from collections.abc import Callable, Mapping
from typing import NamedTuple, TextIO

from gate.core.cache import key_of, own_code
from gate.core.errors import GateError
from gate.core.json_text import json_bytes
from gate.core.text import clipped
from gate.model import Report
from gate.reports import discard
from gate.reports.sealing import digest_of
from gate.reports.terminal.ci_log import Log, Plain, log_of
from gate.reports.terminal.page import Page
from gate.reports.wording import shown_seconds, verdict_sentence

KeptText = Callable[[bytes, Callable[[], str]], str]
"""Returns the text that is kept under a key, or makes it."""


class _Printed(NamedTuple):
    """What is printed."""

    report: Report
    is_quiet: bool
    is_verbose: bool
    unwaivable: Mapping[str, str] | None


def print_report(
    report: Report,
    stream: TextIO,
    *,
    is_quiet: bool = False,
    is_verbose: bool = False,
    width: int | None = None,
    unwaivable: Mapping[str, str] | None = None,
    kept: KeptText | None = None,
) -> None:
    """Print `report` to `stream`: if quiet the verdict alone, if verbose also what does not matter much.

    Colours follow the stream, `NO_COLOR` and `FORCE_COLOR`; `width` in columns, None: that of the terminal.
    `unwaivable` says by fingerprint why no waiver can accept a finding. `kept` may know the text of an earlier run.
    Raises GateError if the stream takes no more (a full disk, a reader that hung up).
    """
    printed = _Printed(report, is_quiet, is_verbose, unwaivable)
    try:
        stream.write(_text_for(printed, Page(stream, width), kept))
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
    from gate.reports.terminal.sections import blocking_only

    page = Page(stream)
    for item in blocking_only(report, is_verbose=is_verbose, has_links=page.isatty(), unwaivable=unwaivable):
        page.print(item)
    return page.getvalue()


def _text_for(printed: _Printed, page: Page, kept: KeptText | None) -> str:
    if printed.is_quiet and not _may_have_colours(page):
        return f"{clipped(verdict_sentence(printed.report))}\n"
    log = Plain() if page.isatty() else log_of(os.environ, printed.report)
    if kept is None or not isinstance(log, Plain):  # the markers of a log are others each time
        return _laid_out(printed, page, log)
    return kept(_key(printed, page), lambda: _laid_out(printed, page, log))


def _key(printed: _Printed, page: Page) -> bytes:
    """Return a digest of all that the text follows from; of the times in a report only what is shown."""
    seconds = [shown_seconds(stage) for stage in printed.report.stages]
    asked = [seconds, printed.is_quiet, printed.is_verbose, printed.unwaivable, page.manner]
    return key_of(own_code(), digest_of(printed.report), json_bytes(asked))


def _laid_out(printed: _Printed, page: Page, log: Log) -> str:
    from gate.reports.terminal.sections import Manner, parts, verdict  # late, as rich is

    report = printed.report
    manner = Manner(is_verbose=printed.is_verbose, has_links=page.isatty(), unwaivable=printed.unwaivable)
    for part in [] if printed.is_quiet else parts(report, manner):
        page.write(log.opening(part.fold))
        for item in part.content:
            page.print(item)
        page.write(log.closing(part.fold))
    page.print(verdict(report, verdict_sentence(report)), soft_wrap=True)
    return page.getvalue()


def _may_have_colours(page: Page) -> bool:
    """False if rich would print plain text, so that it need not be imported."""
    return page.isatty() or not os.environ.keys().isdisjoint(("FORCE_COLOR", "TTY_COMPATIBLE"))
