"""Accept a finding until a day: written to .gate/waivers.yaml with its owner and reason."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from gate.cli.saying import confirm
from gate.core.errors import UsageError
from gate.core.text import visible
from gate.model import is_fingerprint, is_fingerprint_prefix
from gate.policy.waivers import Waiver, add_waiver, parse_day, signed
from gate.settings.sources import convert


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "fingerprint", nargs="?", metavar="FINGERPRINT", help="that of the finding, or its first digits in the last run"
    )
    parser.add_argument("--rule", metavar="ID", help="instead of one finding: those of this rule or vulnerability …")
    parser.add_argument("--path", metavar="PATTERN", help="… in these files")
    parser.add_argument("--package", metavar="NAME", help="… or of this package")
    parser.add_argument(
        "--matches", type=int, metavar="N", help="expected number of findings; the verdict warns of more"
    )
    parser.add_argument("--reason", required=True, metavar="TEXT", help="why it is accepted")
    parser.add_argument("--owner", required=True, metavar="WHO", help="who answers for it")
    parser.add_argument("--until", required=True, metavar="YYYY-MM-DD", help="the last day it is accepted")
    parser.add_argument("--key", metavar="FILE", help="sign it with this private ed25519 key (PEM)")
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


def _fingerprint(digits: str, root: str) -> str:
    """Return the fingerprint that begins with `digits`; all but a whole one is looked up in the last run's report."""
    if is_fingerprint(digits):
        return digits
    if not is_fingerprint_prefix(digits):
        hint = "`gate run --verbose` shows those of all findings; to waive by rule, --rule ID with --path or --package"
        raise UsageError(f"{digits} is no fingerprint", hint=hint)
    from gate.cli.last_report import last_report
    from gate.cli.named_finding import named_finding

    return named_finding(digits, last_report(root)).fingerprint


def run(options: argparse.Namespace) -> int:
    root = _root(options.target)
    if parse_day(options.until) < datetime.now(UTC).date():
        raise UsageError(f"{options.until} is past: the waiver would waive nothing")
    fields = {name: getattr(options, name, None) for name in Waiver.__struct_fields__}
    if options.fingerprint is not None:
        fields["fingerprint"] = _fingerprint(options.fingerprint, root)
    waiver = convert(fields, Waiver, "waiver")
    waiver = signed(waiver, options.key) if options.key else waiver
    file = add_waiver(root, waiver)
    confirm(f"{visible(str(waiver))} is waived until {waiver.until}; commit {file}")
    return 0
