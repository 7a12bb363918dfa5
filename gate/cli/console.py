"""Make a site for the security team of JSON reports, or of a store: what blocks where, and what to fix first."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from gate.cli.fleet_console import build_fleet, serve_fleet
from gate.cli.saying import say
from gate.cli.store_options import add_store
from gate.core.errors import GateError, UsageError
from gate.core.safe_write import write_user_path

if TYPE_CHECKING:
    from gate.reports.console.history import Day


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `gate console`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    build = actions.add_parser("build", help="write the site", allow_abbrev=False)
    build.add_argument(
        "folder", nargs="?", metavar="FOLDER", help="JSON reports; each path below it names a repository or image"
    )
    add_store(build)
    build.add_argument("-o", "--output", required=True, metavar="SITE", help="folder of the site")
    serve = actions.add_parser("serve", help="serve the console of a store on this machine", allow_abbrev=False)
    serve.add_argument("--port", type=int, default=8099, metavar="N", help="port of 127.0.0.1; default: 8099")
    serve.add_argument(
        "--team-header", metavar="NAME", help="header in which your proxy names the owners whose part may be seen"
    )
    add_store(serve)
    build.add_argument("--owners", metavar="FILE", help="who owns what, in the form of CODEOWNERS: NAME/path @owner")


def run(options: argparse.Namespace) -> int:
    """Write the site; return 0, or 3 if a report could not be read: the site then says so. Raises GateError."""
    if options.action == "serve":
        return serve_fleet(options)
    if options.folder is None:
        return build_fleet(options)
    if options.store:
        raise UsageError("give a folder of reports or --store, not both")
    from gate.policy.codeowners import Codeowners, read_file
    from gate.reports.console import site
    from gate.reports.console.subjects import read_folder

    owners = read_file(Path(options.owners)) if options.owners else Codeowners(())
    subjects, unread = read_folder(options.folder)
    if not subjects and not unread:
        raise UsageError("holds no report", path=options.folder, hint="Write them with gate run --report json=FILE")
    for path, text in site(subjects, unread, owners.of, datetime.now(UTC).date(), _history(Path(options.output))):
        _write(Path(options.output, path), text)
    for one in unread:
        say(f"{one.name}: {one.why}")
    return GateError.exit_status if unread else 0


def _history(site: Path) -> "list[Day]":
    """Return what earlier builds of the site kept. Raises GateError if it cannot be read."""
    from gate.reports.console import history

    try:
        with (site / history.NAME).open("rb") as file:
            content = file.read(history.MAX_SIZE + 1)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise UsageError(f"cannot be read ({error.strerror})", path=str(site / history.NAME)) from error
    if len(content) > history.MAX_SIZE:
        raise UsageError(f"has more than {history.MAX_SIZE:,} bytes", path=str(site / history.NAME))
    return history.read(content)


def _write(place: Path, text: str) -> None:
    try:
        write_user_path(str(place), text.encode("utf-8", "backslashreplace"), makes_folders=True)
    except OSError as error:
        raise GateError(f"the site cannot be written ({error.strerror})", path=str(place.parent)) from error
