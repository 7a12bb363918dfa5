"""Accept a finding until a day: written to .gate/waivers.yaml with its owner and reason."""

import argparse
from datetime import UTC, date, datetime
from pathlib import Path

from gate.cli.saying import confirm, say
from gate.core.durations import timedelta_of
from gate.core.errors import UsageError
from gate.core.text import visible
from gate.model import is_fingerprint, is_fingerprint_prefix
from gate.policy.waivers import Waiver, add_waiver, parse_day, signed
from gate.settings.sources import convert

_OF_GIT = "\0"
"""The owner where `--owner` stands without a name; no argument can be it, as an empty variable can."""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "fingerprint", nargs="?", metavar="FINGERPRINT", help="that of the finding, or its first digits in the last run"
    )
    parser.add_argument("--rule", metavar="ID", help="instead of one finding: those of this rule or vulnerability …")
    parser.add_argument("--path", metavar="PATTERN", help="… in these files")
    parser.add_argument("--package", metavar="NAME", help="… or of this package …")
    parser.add_argument("--object", metavar="KIND/NAMESPACE/NAME", help="… or of this object of a cluster")
    parser.add_argument(
        "--matches", type=int, metavar="N", help="expected number of findings; the verdict warns if there are more"
    )
    parser.add_argument("--reason", required=True, metavar="TEXT", help="why it is accepted")
    parser.add_argument(
        "--owner",
        required=True,
        nargs="?",
        const=_OF_GIT,
        metavar="WHO",
        help="who is responsible; without a value: git's user.email",
    )
    parser.add_argument(
        "--until",
        required=True,
        metavar="YYYY-MM-DD",
        help="the last day on which it is accepted, or a period from today: 14d, 2w",
    )
    parser.add_argument("--key", metavar="FILE", help="sign it with this private ed25519 key (PEM)")
    parser.add_argument(
        "--from", dest="report", metavar="REPORT.json", help="report of the finding; default: the last run's"
    )
    parser.add_argument(
        "--target", metavar="FOLDER", help="the TARGET of `gate run`; default: what was judged last from here"
    )


def _root(folder: str | None) -> str:
    """Return the root of the project that a waiver is for; by default of the one that was judged last from here."""
    if folder is None:
        from gate.cli.last_report import last_root

        return last_root()
    if not Path(folder).is_dir():
        raise UsageError("no such folder", path=folder)
    return folder


def _fingerprint(digits: str, root: str, report_file: str | None) -> str:
    """Return the fingerprint that begins with `digits`, of a finding of the named report or of the last run.

    Raises UsageError if the report has no such finding. A whole one that resembles none is taken as it is, with a
    note: it may be of a run elsewhere, or of text that `gate fix` has just written.
    """
    if not is_fingerprint_prefix(digits):
        by_rule = "to waive by rule, --rule ID with --path, --package or --object"
        hint = f"`gate run --verbose` shows those of all findings; {by_rule}"
        raise UsageError(f"{digits} is not a fingerprint", hint=hint)
    from gate.cli.last_report import has_last_report, last_report
    from gate.cli.named_finding import named_finding, resembles_one
    from gate.reports.reading import read_report

    is_whole = report_file is None and is_fingerprint(digits)
    if is_whole and not has_last_report(root):
        return digits
    report = read_report(report_file) if report_file else last_report(root)
    if is_whole and not resembles_one(digits, report):
        say(f"the last run has no finding {digits}: the waiver applies if a later run finds it")
        return digits
    return named_finding(digits, report).fingerprint


def _last_day(text: str, today: date) -> str:
    """Return the last day that `--until` names, as YYYY-MM-DD; it may be a time from today, such as `14d`.

    Raises UsageError for a day that is past.
    """
    try:
        day = today + timedelta_of(text)
    except (ValueError, OverflowError):
        day = parse_day(text)
    if day < today:
        raise UsageError(f"{text} is in the past: the waiver would have no effect")
    return day.isoformat()


def _owner(given: str, root: str) -> str:
    """Return who answers for the waiver. Raises UsageError if git is to name them and cannot."""
    if given != _OF_GIT:
        return given
    from gate.git.identity import user_email

    email = user_email(root)
    if email is None:
        raise UsageError("git has no user.email here", hint="Name the owner: --owner WHO")
    return email


def run(options: argparse.Namespace) -> int:
    root = _root(options.target)
    fields = {name: getattr(options, name, None) for name in Waiver.__struct_fields__}
    fields["until"] = _last_day(options.until, datetime.now(UTC).date())
    fields["owner"] = _owner(options.owner, root)
    if options.fingerprint is not None:
        fields["fingerprint"] = _fingerprint(options.fingerprint, root, options.report)
    waiver = convert(fields, Waiver, "waiver")
    waiver = signed(waiver, options.key) if options.key else waiver
    file = add_waiver(root, waiver)
    confirm(f"{visible(str(waiver))} is waived until {waiver.until}; commit {file}")
    return 0
