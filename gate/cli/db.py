"""The advisories on this machine: bring them up to date, say how old they are, hand them on."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from gate.app.project import Project, build_images, open_project, targets_of
from gate.app.roots import root_of
from gate.cli.options import OF_ADVISORIES, OF_VERDICTS, Heeded, add_options, from_flags
from gate.cli.saying import say
from gate.core.cache_folder import user_cache_folder
from gate.core.errors import GateError, UsageError
from gate.core.safe_write import resolve_user_path
from gate.core.suggestions import nearest
from gate.core.text import visible
from gate.declarations import DECLARED
from gate.ecosystems import base_of

if TYPE_CHECKING:
    from gate.advisories.bundle import Bundle
    from gate.advisories.status import DatabaseStatus


_READS_TARGETS = Heeded(stages=tuple(name for name, stage in DECLARED.items() if stage.lists_packages))
_OPERANDS = {"update": "TARGET …", "export": "FILE", "import": "FILE"}


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    update = actions.add_parser("update", help="fetch what is new: of the ecosystems that the targets use")
    update.add_argument("targets", nargs="*", metavar="TARGET", help="folder or image; default: this repository")
    update.add_argument("--all", action="store_true", help="of all ecosystems")
    update.add_argument("--ecosystem", action="append", default=[], metavar="NAME", help="of this ecosystem (repeat)")
    status = actions.add_parser("status", help="show what is here and how old it is; status 3 if it is too old")
    status.add_argument("--json", action="store_true", help="for programs")
    export = actions.add_parser("export", help="export what is here to a file, a registry or a wheel")
    export.add_argument("to", metavar="FILE", help="a file, oci://HOST/NAME:TAG, or with --wheel a folder")
    export.add_argument("--wheel", metavar="NAME", help="write a Python package of this name")
    export.add_argument("--sign", metavar="KEY", help="sign with this private ed25519 key (PEM)")
    bring = actions.add_parser("import", help="import what was exported")
    bring.add_argument("source", metavar="FILE", help="a file, or oci://HOST/NAME:TAG")
    for action in (update, status, export, bring):
        action.add_argument("--config", metavar="FILE", help="settings file; default: gate.yaml of the first folder")
        is_update = action is update
        add_options(
            action,
            without=OF_VERDICTS,
            heeded=_READS_TARGETS if is_update else Heeded(stages=(), keys=OF_ADVISORIES),
            operands=_OPERANDS.get(action.prog.rpartition(" ")[2], ""),
        )


def run(options: argparse.Namespace) -> int:
    words = getattr(options, "targets", [])
    project = open_project(root_of(words), flags=from_flags(options), config=options.config)
    if not project.settings.cache:
        raise UsageError("without the cache there is no database", hint="Leave out --no-cache")
    actions = {"update": _update, "status": _status, "export": _export, "import": _import}
    return actions[options.action](options, project)


def _cache() -> Path:
    return user_cache_folder() / "advisories"


def _update(options: argparse.Namespace, project: Project) -> int:
    from gate.advisories.update import update
    from gate.cli.meter import Meter

    settings = project.settings
    bases, is_complete = _bases(options, project)
    meter = Meter(is_quiet=settings.quiet)
    for one in update(settings, project.trust, bases, _cache(), datetime.now(UTC), meter):
        meter.clear()
        if one.error is not None:
            is_complete = False
            _complain(one.error)
        elif one.totals is not None and not settings.quiet:
            change = "updated" if one.is_changed else "unchanged"
            print(
                f"{one.name}: {one.totals.advisories:,} advisories, newest {one.totals.newest or 'unknown'}, {change}"
            )
    return 0 if is_complete else GateError.exit_status


def _bases(options: argparse.Namespace, project: Project) -> tuple[list[str], bool]:
    """Return the ecosystems to bring up to date, and whether all targets could be read to find them."""
    from gate.advisories.ecosystems import bases_of
    from gate.advisories.update import all_ecosystems

    if options.all:
        return all_ecosystems(project.settings, project.trust), True
    if options.ecosystem:
        return [_known(name) for name in options.ecosystem], True
    from gate.pipeline.packages import Asked, collect

    targets = targets_of(options.targets, project)
    build_images(project)
    bills = collect(targets, Asked(settings=project.settings, now=datetime.now(UTC)))
    for error in bills.errors:
        say(str(error))
    used = {base_of(package.ecosystem) for one in bills.inventories for package in one.packages}
    if not used:
        print("The targets contain no packages; name ecosystems with --ecosystem, or use --all.", file=sys.stderr)
    return bases_of(used), not bills.errors


def _known(name: str) -> str:
    from gate.advisories.ecosystems import all_judged

    known = {one.lower(): one for one in all_judged()}
    lowered = base_of(name).lower()
    if lowered not in known:
        near = nearest(lowered, known, 0.4)
        hint = f"Did you mean {known[near]}?" if near else f"Ecosystems: {', '.join(known.values())}"
        raise UsageError(f"there is no ecosystem {name}", hint=hint)
    return known[lowered]


def _complain(error: GateError) -> None:
    say(str(error))


def _status(options: argparse.Namespace, project: Project) -> int:
    from gate.advisories.status import status_of

    status = status_of(project.settings, project.trust, _cache(), datetime.now(UTC))
    if options.json:
        print(msgspec.json.format(msgspec.json.encode(status), indent=2).decode())
    else:
        sys.stdout.writelines(f"{visible(line)}\n" for line in _table(status))
    return 0 if status.is_usable else GateError.exit_status


def _table(status: "DatabaseStatus") -> Iterator[str]:
    yield f"source: {status.source}"
    if not status.holdings:
        yield "there is nothing here yet: gate db update"
    width = max((len(one.name) for one in status.holdings), default=0)
    for one in status.holdings:
        count = f"{one.advisories:>9,} advisories" if one.advisories is not None else " " * 20
        old = f", older than {status.max_age}: gate db update" if one.is_too_old else ""
        when = f"checked {one.checked:%Y-%m-%d %H:%M} UTC ({one.age_s / 3600:,.1f} h ago)"
        yield f"{one.name:<{width}}  {count}  {when}{old}"


def _export(options: argparse.Namespace, project: Project) -> int:
    from gate.advisories.bundle import Bundle
    from gate.advisories.sources import open_origin

    origin = open_origin(project.settings, project.trust, _cache(), datetime.now(UTC))
    holdings = origin.holdings()
    if not any(holding.base for holding in holdings):
        raise GateError("there are no advisories here to export", hint="Run `gate db update` first")
    bundle = Bundle(holdings, origin.shown, options.sign)
    print(f"{len(holdings)} files of {origin.shown} are in {_written(bundle, options.to, options.wheel)}")
    return 0


def _written(bundle: "Bundle", to: str, wheel: str | None) -> str:
    """Write the bundle to its destination, and return the name of that."""
    from gate.advisories.registries import SCHEME, push

    if wheel:
        from gate.advisories.wheels import write_wheel

        with _writing(to):
            return str(write_wheel(bundle, wheel, Path(resolve_user_path(f"{to}/x")).parent))
    if not to.startswith(SCHEME):
        with _writing(to):
            bundle.write_to(Path(resolve_user_path(to)))
        return to
    import tempfile

    with tempfile.TemporaryDirectory(prefix="gate-") as folder:
        file = Path(folder) / "advisories.zip"
        bundle.write_to(file)
        push(file, to)
    return to


@contextmanager
def _writing(to: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise GateError(f"cannot be written ({error.strerror})", path=to, hint="Give a folder that exists") from error


def _import(options: argparse.Namespace, project: Project) -> int:
    import tempfile

    from gate.advisories.exchange import adopt_bundle
    from gate.advisories.registries import SCHEME, pull

    with tempfile.TemporaryDirectory(prefix="gate-") as folder:
        is_remote = options.source.startswith(SCHEME)
        if is_remote and project.settings.offline:
            raise UsageError("a registry cannot be asked with --offline", path=options.source)
        file = pull(options.source, Path(folder)) if is_remote else Path(options.source)
        if not file.is_file():
            raise UsageError("there is no such file", path=options.source)
        adopted = adopt_bundle(file, project.settings, _cache(), datetime.now(UTC), options.source)
    for one in adopted:
        outcome = "imported" if one.is_newer else "kept, as what was here is just as new"
        print(f"{one.base or one.name}: checked {one.checked:%Y-%m-%d %H:%M} UTC, {outcome}")
    return 0
