"""Find and judge again what a store keeps of many repositories and images."""

import argparse
import sys

from gate.cli.saying import say
from gate.cli.store_options import add_store, store_of
from gate.core.errors import GateError, UsageError

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
    for action in (find,):
        add_store(action)
        action.add_argument("--accept-unread", type=float, default=0.0, metavar="PERCENT", help=_SHARE)


def run(options: argparse.Namespace) -> int:
    if not 0 <= options.accept_unread <= 100:
        raise UsageError("--accept-unread: a share is from 0 to 100")
    return {"find": _find}[options.action](options)


def _find(options: argparse.Namespace) -> int:
    """Write what was found; return 3 if more of the fleet than accepted could not be searched."""
    from gate.fleet.find import find, gaps
    from gate.fleet.found_texts import as_csv, as_json, as_table
    from gate.fleet.generations import opened
    from gate.fleet.query import parse_query

    query = parse_query(options.query)
    with opened(store_of(options)) as connection:
        rows, missing = find(connection, query), gaps(connection)
    texts = {
        "table": lambda: "".join(f"{line}\n" for line in as_table(rows)),
        "json": lambda: as_json(rows, missing),
        "csv": lambda: as_csv(rows),
    }
    _write(texts[options.format](), options.output)
    for note in missing.notes():
        say(f"not searched whole: {note}")
    if not missing.subjects:
        say("the store holds nothing yet")
    return GateError.exit_status if missing.share > options.accept_unread or not missing.subjects else 0


def _write(text: str, path: str) -> None:
    from gate.core.safe_write import write_user_path

    if path == "-":
        sys.stdout.write(text)
        return
    try:
        write_user_path(path, text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise GateError(f"cannot be written ({error.strerror})", path=path) from error
