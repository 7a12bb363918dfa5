"""The console of a store: `gate console build --store` and `gate console serve`."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from gate.cli.saying import confirm, say
from gate.cli.store_options import store_of
from gate.core.errors import GateError, UsageError
from gate.core.safe_write import write_user_path

if TYPE_CHECKING:
    from gate.fleet.console.history import FleetDay

_MAX_HISTORY = 1 << 20
"""Bytes of the history at most."""


def build_fleet(options: argparse.Namespace) -> int:
    """Write the site, and delete shards of an earlier, larger one; return 3 if some of the fleet is not known whole."""
    from gate.fleet.console import fleet_site
    from gate.fleet.console.view import view_of
    from gate.fleet.contexts import contexts
    from gate.fleet.generations import opened

    if options.owners:
        raise UsageError("--owners is for a folder of reports", hint="A store has the owners of what it holds")
    today, output = datetime.now(UTC).date(), Path(options.output)
    store = store_of(options)
    with opened(store) as connection:
        view = view_of(store, connection, contexts(store), today)
    written = set()
    for path, content in fleet_site(view, today, _days(output)):
        _write(output / path, content)
        written.add(output / path)
    for old in (*output.glob("data/targets-*.json"), *output.glob("data/details-*.json")):
        if old not in written:
            old.unlink(missing_ok=True)
    for note in view.gaps.notes():
        say(f"not known whole: {note}")
    confirm(f"{output}: {len(view.targets):,} repositories and images")
    return 0 if view.targets and not view.gaps.share else GateError.exit_status


def serve_fleet(options: argparse.Namespace) -> int:
    """Serve the console of a store on this machine until interrupted. Raises GateError."""
    from gate.fleet.console.serving import ADDRESS, FleetServer, application, serve

    if options.team_header == "" or not 0 < options.port < 65_536:
        raise UsageError("--team-header has a value, and --port is from 1 to 65535")
    server = FleetServer(store_of(options), options.team_header or "")
    application(server)
    confirm(f"http://{ADDRESS}:{options.port}/")
    serve(server, options.port)
    return 0


def _days(output: Path) -> "list[FleetDay]":
    """Return what earlier builds kept. Raises GateError if it cannot be read."""
    from gate.fleet.console.history import FILE_NAME, read_days

    try:
        with (output / FILE_NAME).open("rb") as file:
            content = file.read(_MAX_HISTORY + 1)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise UsageError(f"cannot be read ({error.strerror})", path=str(output / FILE_NAME)) from error
    if len(content) > _MAX_HISTORY:
        raise UsageError(f"has more than {_MAX_HISTORY:,} bytes", path=str(output / FILE_NAME))
    return read_days(content)


def _write(place: Path, content: bytes) -> None:
    try:
        write_user_path(str(place), content, makes_folders=True)
    except OSError as error:
        raise GateError(f"the site cannot be written ({error.strerror})", path=str(place.parent)) from error
