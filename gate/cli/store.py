"""Keep what was read of repositories and images, so that it can be found and judged again without reading it."""

import argparse
from itertools import chain
from pathlib import Path

from gate.cli.saying import confirm, say
from gate.cli.signed import add_key, check_key, read_signed
from gate.cli.store_options import add_store, store_of
from gate.core.errors import GateError, UsageError
from gate.core.text import counted

_OLDEST = "90d"


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    init = actions.add_parser("init", help="make a store", allow_abbrev=False)
    info = actions.add_parser("info", help="show what a store holds", allow_abbrev=False)
    add = actions.add_parser("add", help="add reports; gate run --store adds packages too", allow_abbrev=False)
    add.add_argument("files", nargs="+", metavar="REPORT.json", help="reports of `gate run --report json=FILE`")
    add.add_argument("--owner", action="append", default=[], metavar="NAME", help="who owns what was judged (repeat)")
    add_key(add)
    index = actions.add_parser("index", help="index what came since; --again makes it of all records")
    index.add_argument("--again", action="store_true", help="make a new index of all records")
    verify = actions.add_parser("verify", help="check every object by its digest", allow_abbrev=False)
    prune = actions.add_parser("prune", help="delete what was replaced by a later reading", allow_abbrev=False)
    prune.add_argument(
        "--older-than", default=_OLDEST, metavar="TIME", help=f"how long it stays; default: {_OLDEST}", dest="age"
    )
    for action in (init, info, add, index, verify, prune):
        add_store(action)


def run(options: argparse.Namespace) -> int:
    actions = {"init": _init, "info": _info, "add": _add, "index": _index, "verify": _verify, "prune": _prune}
    return actions[options.action](options)


def _init(options: argparse.Namespace) -> int:
    from gate.cli.store_options import address_of
    from gate.fleet.store import make_store

    store = make_store(address_of(options), options.organisation or "")
    confirm(f"The store is {store.shown}")
    return 0


def _info(options: argparse.Namespace) -> int:
    from gate.fleet.generations import latest

    store = store_of(options)
    totals, generation = store.totals(), latest(store)
    print(f"store: {store.shown}")
    print(f"organisation: {store.mark.organisation or 'none stated'}")
    print(f"records: {totals.records:,}, objects: {totals.objects:,}, not indexed yet: {totals.pending:,}")
    print(f"index: generation {generation.number} of {generation.records:,} records" if generation else "index: none")
    return 0


def _add(options: argparse.Namespace) -> int:
    """Add every report that can be read; return 3 if one cannot."""
    from gate.fleet.reading import add_report

    check_key(options.key)
    store, failed = store_of(options), 0
    for path in options.files:
        try:
            records = add_report(store, read_signed(path, options.key), owners=tuple(options.owner))
        except UsageError:
            raise
        except GateError as error:
            say(str(error) if error.path else f"{path}: {error}")
            failed += 1
        else:
            confirm(f"{Path(path)}: {', '.join(record.name for record in records)}")
    return GateError.exit_status if failed else 0


def _index(options: argparse.Namespace) -> int:
    from gate.fleet.generations import bring_up_to_date, latest, rebuild

    store = store_of(options)
    if options.again:
        generation = rebuild(store)
    else:
        bring_up_to_date(store)
        found = latest(store)
        if found is None or store.pending():
            raise GateError("the index cannot be written", path=store.shown, hint="See who may write to the store")
        generation = found
    confirm(f"generation {generation.number} of {counted(generation.records, 'record')}")
    return 0


def _verify(options: argparse.Namespace) -> int:
    from gate.fleet.contexts import damaged_contexts

    store, damaged = store_of(options), 0
    for sentence in chain(store.verify(), damaged_contexts(store)):
        say(sentence)
        damaged += 1
    confirm(f"{store.shown}: {counted(damaged, 'damaged object') if damaged else 'whole'}")
    return GateError.exit_status if damaged else 0


def _prune(options: argparse.Namespace) -> int:
    from gate.fleet.generations import current_records

    store = store_of(options)
    records, objects = store.prune(current_records(store), options.age)
    confirm(f"deleted {counted(records, 'record')} and {counted(objects, 'object')}")
    return 0
