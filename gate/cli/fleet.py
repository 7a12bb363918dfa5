"""Find and judge again what a store keeps of many repositories and images."""

import argparse
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gate.cli.options import OF_ADVISORIES, OF_VERDICTS, Heeded, add_options, from_flags
from gate.cli.saying import say
from gate.cli.store_options import add_store, store_of
from gate.core.errors import GateError, UsageError

if TYPE_CHECKING:
    from gate.fleet.store import FleetStore

_SHARE = "per cent of the fleet that may be unread before the status is 3; default: 0"


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    find = actions.add_parser("find", help="say where a package, CVE, digest, secret, rule or file is")
    find.add_argument(
        "query",
        metavar="WHAT",
        help="pkg:TYPE/NAME[@RANGE], CVE-…, sha256:…, a commit, secret:KIND, rule:ID or file:NAME",
    )
    find.add_argument("--format", choices=("table", "json", "csv"), default="table")
    find.add_argument("--output", default="-", metavar="FILE", help="default: standard output")
    rejudge = actions.add_parser("rejudge", help="judge all again by today's advisories and policy")
    rejudge.add_argument(
        "--changed", action="store_true", help="only packages that advisories say something new of since the last time"
    )
    rejudge.add_argument("--format", choices=("text", "markdown", "jsonl"), default="text")
    rejudge.add_argument("--output", default="-", metavar="FILE", help="default: standard output")
    rejudge.add_argument("--config", metavar="FILE", help="settings file; default: gate.yaml of this folder")
    rejudge.add_argument("--policy", metavar="FILE", help="the organisation's policy")
    add_options(rejudge, without=OF_VERDICTS, heeded=Heeded(stages=(), keys=OF_ADVISORIES), operands="")
    for action in (find, rejudge):
        add_store(action)
        action.add_argument("--accept-unread", type=float, default=0.0, metavar="PERCENT", help=_SHARE)


def run(options: argparse.Namespace) -> int:
    if not 0 <= options.accept_unread <= 100:
        raise UsageError("--accept-unread: a share is from 0 to 100")
    return {"find": _find, "rejudge": _rejudge}[options.action](options)


def _find(options: argparse.Namespace) -> int:
    """Write what was found; return 3 if more of the fleet than accepted could not be searched."""
    from gate.fleet.find import find, gaps
    from gate.fleet.found_texts import as_csv, as_json, as_table
    from gate.fleet.generations import opened
    from gate.fleet.query import parse_query

    query, store = parse_query(options.query), store_of(options)
    with opened(store) as connection:
        rows, missing = find(connection, query), gaps(connection)
    texts = {
        "table": lambda: "".join(f"{line}\n" for line in as_table(rows)),
        "json": lambda: as_json(rows, missing),
        "csv": lambda: as_csv(rows),
    }
    _write(texts[options.format](), options.output)
    return 0 if _say_gaps(store, options) else GateError.exit_status


def _rejudge(options: argparse.Namespace) -> int:
    """Write what changed; return 1 if something new blocks, 3 if advisories or the fleet could not be asked whole."""
    from gate.app.project import current_root, open_project
    from gate.fleet import notices
    from gate.fleet.nightly import judge_again
    from gate.pipeline.context import LocalContext
    from gate.pipeline.resources import cache_folder

    project = open_project(
        current_root(), flags=from_flags(options), config=options.config, policy=options.policy, compares=False
    )
    store = store_of(options)
    with cache_folder(project.settings) as folder:
        context = LocalContext(project.settings, datetime.now(UTC), folder, trust=project.trust)
        night = judge_again(store, context, project.policy.layers, only_changes=options.changed)
    forms = {"text": notices.as_lines, "markdown": notices.as_markdown, "jsonl": notices.as_json_lines}
    _write("".join(f"{line}\n" for line in forms[options.format](night)), options.output)
    if night.why_all:
        say(f"everything was judged again: {night.why_all}")
    for error in night.judgement.errors:
        say(f"not judged: {error}")
    is_whole = _say_gaps(store, options)
    if night.judgement.errors or not is_whole:
        return GateError.exit_status
    return int(notices.became_fail(night))


def _say_gaps(store: "FleetStore", options: argparse.Namespace) -> bool:
    """Say what of the fleet is not known whole; True if that is no more than is accepted."""
    from gate.fleet.find import gaps
    from gate.fleet.generations import opened

    with opened(store) as connection:
        missing = gaps(connection)
    for note in missing.notes():
        say(f"not known whole: {note}")
    if not missing.subjects:
        say("the store holds nothing yet")
    return bool(missing.subjects) and missing.share <= options.accept_unread


def _write(text: str, path: str) -> None:
    from gate.core.safe_write import write_user_path

    if path == "-":
        sys.stdout.write(text)
        return
    try:
        write_user_path(path, text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise GateError(f"cannot be written ({error.strerror})", path=path) from error
