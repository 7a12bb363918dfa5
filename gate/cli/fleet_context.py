"""Keep what runs where, from listings of clusters and records of deployments, for `gate fleet`."""

import argparse
from datetime import UTC, datetime

from gate.cli.saying import confirm, say
from gate.cli.store_options import store_of
from gate.core.bounded_read import read_bounded
from gate.core.errors import UsageError
from gate.core.text import counted

_MAX_FILE = 256 << 20
"""Bytes of a listing at most: some 30,000 pods."""
_SMALLER = "List a namespace at a time"


def add_context(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `gate fleet context`."""
    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help="lists of kubectl, argocd, ECS and Nomad as JSON, or deployment records",
    )
    parser.add_argument(
        "--source", metavar="NAME", help="cluster or system that the files list; they replace what it listed before"
    )
    parser.add_argument("--listed-at", metavar="TIME", help="when it was listed (RFC 3339); default: now")
    parser.add_argument("--remove", action="store_true", help="forget the source")


def run_context(options: argparse.Namespace) -> int:
    """Keep the listings of a source, forget it, or show what is kept. Raises GateError."""
    from gate.fleet.contexts import check_source, contexts, put_context, remove_context
    from gate.fleet.listings import read_listings
    from gate.fleet.running import FleetContext

    listed_at = _time(options.listed_at)
    if options.source is None:
        if options.files or options.remove:
            raise UsageError("--source is missing", hint="Name the cluster or system: --source prod-eu")
        for one in contexts(store_of(options)):
            print(f"{one.source}: {counted(len(one.running), 'workload')}, listed at {one.listed_at}")
        return 0
    check_source(options.source)
    if options.remove == bool(options.files):
        raise UsageError("give files, or --remove", hint="gate fleet context --source prod-eu pods.json")
    store = store_of(options)
    if options.remove:
        confirm(f"{options.source}: {'forgotten' if remove_context(store, options.source) else 'was not known'}")
        return 0
    read = read_listings((path, read_bounded(path, _MAX_FILE, _SMALLER)) for path in options.files)
    put_context(store, FleetContext(source=options.source, listed_at=listed_at, running=read.running))
    for note in read.notes:
        say(note)
    confirm(f"{options.source}: {counted(len(read.running), 'workload')}")
    return 0


def _time(stated: str | None) -> str:
    """Return the time of the listing in UTC. Raises UsageError for what is no time, or is in the future."""
    from gate.fleet.listings.document import time_of

    now = datetime.now(UTC).isoformat(timespec="seconds")
    moment = now if stated is None else time_of(stated)
    if not moment or moment > now:
        raise UsageError(f"--listed-at: {stated!r} is no time that has passed", hint="Such as 2026-11-28T10:00:00Z")
    return moment
