"""Find and judge again what a store keeps of many repositories and images."""

import argparse
import os
import shlex
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from gate.cli import Parser
from gate.cli.fleet_context import add_context, run_context
from gate.cli.saying import say
from gate.cli.store_options import add_store, address_of, store_of
from gate.core.errors import GateError, UsageError
from gate.core.text import counted

if TYPE_CHECKING:
    from gate.fleet.find import FleetGaps
    from gate.fleet.fleet_run import Judging
    from gate.fleet.nightly import Night
    from gate.fleet.store import FleetStore
    from gate.fleet.target_run import FleetPlan, TargetOutcome
    from gate.policy.layers import PolicyLayer

_SAY_S = 10.0
"""Seconds between two lines on how far a run is."""
_FILE_FLAGS = ("--policy", "--config", "--advisories")
_WEBHOOK = "GATE_FLEET_WEBHOOK"
_ON_KUBERNETES = ("k8s", "k8s-dask")
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
    if not isinstance(parser, Parser) or parser.may_take("rejudge"):
        _add_rejudge(rejudge)
    judge = actions.add_parser("run", help="judge many repositories and images, and keep what was read")
    judge.add_argument(
        "targets", nargs="*", metavar="TARGET", help="folders, https:// addresses of repositories, and images"
    )
    judge.add_argument(
        "--from",
        action="append",
        default=[],
        metavar="WHERE",
        dest="lists",
        help="a file of targets, github:[HOST/]ORGANISATION, gitlab:[HOST/]GROUP, catalogue:HOST[/PATTERN] "
        "or cluster:PODS.json (repeat)",
    )
    judge.add_argument("--dry-run", action="store_true", help="print the targets, one a line, and judge none")
    judge.add_argument(
        "--on",
        default="local",
        metavar="WHERE",
        help="local (default), dask://HOST:PORT, or k8s and k8s-dask, which print manifests",
    )
    judge.add_argument("--image", metavar="NAME", help="image of the gate for the pods of k8s and k8s-dask")
    judge.add_argument(
        "--pods", type=int, default=8, metavar="N", help="shards or workers of k8s and k8s-dask; default: 8"
    )
    judge.add_argument("--run", metavar="NAME", help="what the ledger calls it; default: the day (UTC)")
    judge.add_argument("--options", default="", metavar="WORDS", help='options of gate run: "--offline --policy FILE"')
    judge.add_argument("--at-once", type=int, metavar="N", help="targets at a time; default: processors")
    judge.add_argument(
        "--per-host", type=int, default=8, metavar="N", help="targets fetched from a host at a time; default: 8"
    )
    judge.add_argument(
        "--keep-clones",
        type=int,
        default=10,
        metavar="GIB",
        help="clones that a machine keeps for the next run, in GiB; default: 10, 0: none",
    )
    judge.add_argument("--limit", type=int, default=1_800, metavar="SECONDS", help="time for a target; default: 1800")
    judge.add_argument("--shard", metavar="I/N", help="judge every N-th target only, from the I-th on")
    judge.add_argument("--output", metavar="FILE", help="write a line of JSON for each target")
    context = actions.add_parser("context", help="keep what runs where, from listings of clusters and deployments")
    add_context(context)
    add_store(context)
    for action in (find, rejudge, judge):
        add_store(action)
        action.add_argument("--accept-unread", type=float, default=0.0, metavar="PERCENT", help=_SHARE)


def _add_rejudge(rejudge: argparse.ArgumentParser) -> None:
    """Add what `gate fleet rejudge` takes, most of the settings among it."""
    from gate.cli.options import OF_ADVISORIES, OF_VERDICTS, Heeded, add_options

    rejudge.add_argument(
        "--changed", action="store_true", help="only packages that advisories say something new of since the last time"
    )
    rejudge.add_argument("--format", choices=("text", "markdown", "jsonl"), default="text")
    rejudge.add_argument("--output", default="-", metavar="FILE", help="default: standard output")
    rejudge.add_argument(
        "--webhook", metavar="URL", help=f"send a notice for each owner of what changed; default: {_WEBHOOK}"
    )
    rejudge.add_argument("--key", metavar="FILE", help="private ed25519 key (PEM), which signs newer attestations")
    rejudge.add_argument("--attestations", metavar="FOLDER", help="where --key writes them")
    rejudge.add_argument("--config", metavar="FILE", help="settings file; default: gate.yaml of this folder")
    rejudge.add_argument("--policy", metavar="FILE", help="the organisation's policy")
    add_options(rejudge, without=OF_VERDICTS, heeded=Heeded(stages=(), keys=OF_ADVISORIES), operands="")


def run(options: argparse.Namespace) -> int:
    if options.action == "context":
        return run_context(options)
    if not 0 <= options.accept_unread <= 100:
        raise UsageError("--accept-unread: a share is from 0 to 100")
    return {"find": _find, "rejudge": _rejudge, "run": _run}[options.action](options)


def _find(options: argparse.Namespace) -> int:
    """Write what was found; return 3 if more of the fleet than accepted could not be searched."""
    from gate.fleet.contexts import contexts
    from gate.fleet.deployments import Deployments
    from gate.fleet.find import find, gaps
    from gate.fleet.found_texts import as_csv, as_json, as_table
    from gate.fleet.generations import opened
    from gate.fleet.query import parse_query

    query, store = parse_query(options.query), store_of(options)
    with opened(store) as connection:
        sources = contexts(store)
        rows, missing = find(connection, query, Deployments(sources)), gaps(connection)
    texts = {
        "table": lambda: "".join(f"{line}\n" for line in as_table(rows)),
        "json": lambda: as_json(rows, missing, sources),
        "csv": lambda: as_csv(rows),
    }
    _write(texts[options.format](), options.output)
    return 0 if _say_gaps(missing, options) else GateError.exit_status


def _rejudge(options: argparse.Namespace) -> int:
    """Write what changed; return 1 if something new blocks, 3 if advisories or the fleet could not be asked whole."""
    from gate.app.project import open_project
    from gate.app.roots import current_root
    from gate.cli.options import from_flags
    from gate.fleet import notices
    from gate.fleet.nightly import judge_again
    from gate.pipeline.context import LocalContext
    from gate.pipeline.resources import cache_folder

    webhook = _webhook(options.webhook)
    if (options.key is None) != (options.attestations is None):
        raise UsageError("--key and --attestations belong together")
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
    is_whole = _say_gaps(_gaps(store), options)
    is_sent = _send(night, webhook)
    is_attested = _attest(options, store, night, project.policy.layers)
    if night.judgement.errors or not (is_whole and is_sent and is_attested):
        return GateError.exit_status
    return int(notices.became_fail(night))


def _webhook(flag: str | None) -> str:
    """Return the webhook that flag or environment name; empty: none. Raises UsageError."""
    address = os.environ.get(_WEBHOOK, "") if flag is None else flag
    if flag == "" or (address and not address.startswith(("https://", "http://"))):
        raise UsageError("--webhook: write an address such as https://chat.example.com/hooks/fleet")
    return address


def _send(night: "Night", address: str) -> bool:
    """Send notices to a webhook, if there is one; False if that failed."""
    if not address:
        return True
    from gate.fleet.host_login import WEBHOOK_LOGIN
    from gate.fleet.webhook import send

    try:
        say(f"sent {counted(send(night, address, os.environ.get(WEBHOOK_LOGIN, '')), 'notice')}")
    except GateError as error:
        say(str(error))
        return False
    return True


def _attest(options: argparse.Namespace, store: "FleetStore", night: "Night", layers: "Sequence[PolicyLayer]") -> bool:
    """Write newer attestations, if a key is given; False if that failed."""
    if options.key is None:
        return True
    from gate.fleet.renewals import renew

    try:
        renewed = renew(store, night, layers, options.key, Path(options.attestations))
    except GateError as error:
        say(str(error))
        return False
    say(f"wrote {counted(renewed.written, 'attestation')}")
    for reason, number in sorted(renewed.left.items()):
        say(f"not attested: {counted(number, 'target')}: {reason}")
    return True


def _run(options: argparse.Namespace) -> int:
    """Judge all targets; return 3 if more than accepted could not be judged whole, 1 if one fails."""
    from gate.cli.access import image_access
    from gate.fleet.fleet_run import run_fleet
    from gate.fleet.target_run import FleetPlan
    from gate.fleet.targets import read_targets, share_of
    from gate.model import VerdictStatus

    _check_numbers(options)
    targets = read_targets(options.targets, options.lists, image_access())
    mine = share_of(targets.names, options.shard) if options.shard else list(targets.names)
    for reason in targets.unread:
        say(f"not asked: {reason}")
    if targets.twice:
        say(f"{counted(targets.twice, 'target')} named twice")
    if options.dry_run:
        print("".join(f"{target}\n" for target in mine), end="")
        return GateError.exit_status if targets.unread else 0
    plan = FleetPlan(
        store=address_of(options),
        organisation=options.organisation,
        run=options.run or datetime.now(UTC).date().isoformat(),
        options=tuple(_words(options.options)),
        limit_s=float(options.limit),
        per_host=options.per_host,
        keep_clones=options.keep_clones << 30,
    )
    if options.on in _ON_KUBERNETES:
        return _print_manifests(options, plan, mine)
    totals = run_fleet(plan, mine, _judging(options), FleetProgress(len(mine)))
    if options.output:
        _write("".join(f"{line}\n" for line in totals.lines()), options.output)
    counts = (f"{totals.count(status):,} {status.value}" for status in VerdictStatus)
    print(f"{len(mine):,} targets: {', '.join(counts)}; {len(totals.left):,} left to another process")
    for entry in totals.entries:
        if entry.status is VerdictStatus.INCOMPLETE:
            say(f"{entry.target}: {entry.reason}")
    if targets.unread or totals.unread_share > options.accept_unread:
        return GateError.exit_status
    return int(totals.count(VerdictStatus.FAIL) > 0)


def _check_numbers(options: argparse.Namespace) -> None:
    """Raise UsageError for a number that is too small."""
    if min(options.limit, options.per_host, options.pods, options.at_once or 1) < 1:
        raise UsageError("--limit, --per-host, --pods and --at-once are at least 1")
    if options.keep_clones < 0:
        raise UsageError("--keep-clones: a size is at least 0")


def _print_manifests(options: argparse.Namespace, plan: "FleetPlan", targets: list[str]) -> int:
    """Write the manifests of a run in a cluster."""
    from gate.fleet.on_kubernetes import FleetJob, as_dask_job, as_job

    if not options.image:
        raise UsageError("--on k8s: name an image of the gate", hint="--image registry.example.com/gate@sha256:…")
    job = FleetJob(image=options.image, pods=options.pods, plan=plan, targets=tuple(targets))
    _write(as_job(job) if options.on == "k8s" else as_dask_job(job), options.output or "-")
    return 0


def _words(text: str) -> list[str]:
    """Return the words of `--options`, as a shell would split them; files of this folder by their whole paths.

    Raises UsageError.
    """
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise UsageError(f"--options: {error}") from error
    named = zip(words, ("", *words), strict=False)
    return [os.path.abspath(word) if flag in _FILE_FLAGS and os.path.exists(word) else word for word, flag in named]


def _judging(options: argparse.Namespace) -> "Judging":
    """Return what judges where `--on` says. Raises UsageError."""
    from gate.fleet.fleet_run import on_this_machine
    from gate.fleet.on_dask import on_dask

    scheme, separator, address = options.on.partition("://")
    if options.on == "local":
        return on_this_machine(options.at_once or os.cpu_count() or 1)
    if scheme == "dask" and separator and address:
        return on_dask(address)
    raise UsageError("--on: write local, dask://HOST:PORT, k8s or k8s-dask", path=options.on[:80])


class FleetProgress:
    """Says how far a run is, every few seconds."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._next = time.monotonic() + _SAY_S

    def __call__(self, outcome: "TargetOutcome") -> None:
        """Count a target that is done."""
        self._done += 1
        if time.monotonic() > self._next:
            self._next = time.monotonic() + _SAY_S
            say(f"{self._done:,} of {self._total:,} targets are judged")


def _gaps(store: "FleetStore") -> "FleetGaps":
    from gate.fleet.find import gaps
    from gate.fleet.generations import opened

    with opened(store) as connection:
        return gaps(connection)


def _say_gaps(missing: "FleetGaps", options: argparse.Namespace) -> bool:
    """Say what of the fleet is not known whole; True if that is no more than is accepted."""
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
