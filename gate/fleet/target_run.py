"""Judging one target of a fleet: `gate run` in a process of its own, which can only cost its own limits.

A repository is cloned before, by `gate.fleet.clones`; its name in reports is host and path.
"""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path

import msgspec

from gate.core.errors import GateError, UnavailableError
from gate.core.parent_process import end_with
from gate.core.programs import Bounds, limits_for, wait
from gate.core.text import clipped, visible
from gate.fleet.clones import clone
from gate.fleet.host_login import without_logins
from gate.fleet.kept_clones import KEPT_BYTES, kept_clones
from gate.fleet.ledger import PER_HOST, Ledger, LedgerEntry
from gate.fleet.repository_address import repository_address
from gate.fleet.scratch import scratch_folder, sweep
from gate.fleet.store import open_store
from gate.images.registry.names import image_name
from gate.model import StageError, VerdictStatus

_STATUSES = {0: VerdictStatus.PASS, 1: VerdictStatus.FAIL}
"""Exit status of `gate run` to verdict; every other one is incomplete."""
_MOST_OUTPUT = 64 << 20
_MOST_PACK = 16 << 30
"""Bytes of one file that git writes."""
_MOST_REASON = 300
_REGISTRY = "registry:"
_UNAVAILABLE = "cannot be fetched"
"""How `gate.core.errors.unavailable` says that a server does not answer."""


class FleetPlan(msgspec.Struct, frozen=True, kw_only=True):
    """How the targets of a run are judged, wherever that is."""

    store: str
    """The address of the store."""
    organisation: str | None = None
    run: str
    """Name of the run, under which the ledger keeps it."""
    options: tuple[str, ...] = ()
    """Further words of `gate run`."""
    limit_s: float = 1_800.0
    """Seconds that a target may take."""
    memory: int = 4 << 30
    """Bytes of memory of each process that judges it."""
    per_host: int = PER_HOST
    """How many targets are fetched from one host at a time, by all processes of the run."""
    keep_clones: int = KEPT_BYTES
    """Bytes of clones that each machine keeps for the next run; 0: none."""

    def ledger(self) -> Ledger:
        """Open the ledger. Raises GateError."""
        store = open_store(self.store, self.organisation)
        return Ledger(store, self.run, self.options_digest, self.per_host)

    def bounds(self, output: int) -> Bounds:
        """Return what a program may cost that writes files of `output` bytes at most."""
        return Bounds(seconds=self.limit_s, memory=self.memory, output=output)

    @property
    def options_digest(self) -> str:
        """What tells the judging by some options from that by others."""
        return hashlib.sha256("\0".join(self.options).encode("utf-8", "surrogateescape")).hexdigest()[:16]


class TargetJudgement(msgspec.Struct, frozen=True):
    """What judging a target in this process came to."""

    status: VerdictStatus
    reason: str = ""
    is_passing: bool = False
    """True if it is incomplete because a server did not answer."""
    seconds: float = 0.0


class _StageErrors(msgspec.Struct, frozen=True):
    errors: tuple[StageError, ...] = ()


class _ReportVerdict(msgspec.Struct, frozen=True):
    status: VerdictStatus


class _Report(msgspec.Struct, frozen=True):
    """What is read here of a JSON report."""

    verdict: _ReportVerdict
    stages: tuple[_StageErrors, ...]


class TargetOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a target in this run."""

    target: str
    entry: LedgerEntry | None
    """None if another process is at it."""


def judge_batch(plan: FleetPlan, targets: tuple[str, ...]) -> list[TargetOutcome]:
    """Judge some targets, one after the other; what is finished already is left. Raises GateError for the store's."""
    sweep()
    ledger = ledger_of(plan)
    with ledger.beating():
        return [judge_once(plan, ledger, target) for target in targets]


@lru_cache(maxsize=8)
def ledger_of(plan: FleetPlan) -> Ledger:
    """Return the ledger of this process, which knows since when claims of others do not beat. Raises GateError."""
    return plan.ledger()


def judge_once(plan: FleetPlan, ledger: Ledger, target: str) -> TargetOutcome:
    """Judge a target unless that is done, or another process is at it, and write down what came out."""
    if not ledger.claim(target):
        return TargetOutcome(target=target, entry=None)
    try:
        return TargetOutcome(target=target, entry=_judge_claimed(plan, ledger, target))
    finally:
        ledger.release(target)


def _judge_claimed(plan: FleetPlan, ledger: Ledger, target: str) -> LedgerEntry:
    before = ledger.entry(target)  # another process may have finished it before the claim
    if before is not None and before.is_finished:
        return before
    judged = _judge(plan, ledger, target)
    entry = LedgerEntry(
        target=target,
        status=judged.status,
        options=plan.options_digest,
        reason=judged.reason,
        is_passing=judged.is_passing,
        attempts=before.attempts + 1 if before else 1,
        seconds=round(judged.seconds, 1),
    )
    ledger.write(entry)
    return entry


def _judge(plan: FleetPlan, ledger: Ledger, target: str) -> TargetJudgement:
    """Judge a target, and return what an error says as what came out."""
    started = time.monotonic()
    with scratch_folder() as folder:
        try:
            judged = _fetch_and_run(plan, ledger, target, folder)
        except GateError as error:
            passing = isinstance(error, UnavailableError)
            judged = TargetJudgement(VerdictStatus.INCOMPLETE, str(error), is_passing=passing)
    return msgspec.structs.replace(judged, seconds=time.monotonic() - started)


def _fetch_and_run(plan: FleetPlan, ledger: Ledger, target: str, folder: Path) -> TargetJudgement:
    """Judge a target in an empty folder, when there is room at its host.

    Raises GateError if it cannot be cloned, or costs more than its limits.
    """
    address, host = repository_address(target), registry_of(target)
    if address is not None:
        name = f"{address.host}/{address.path}"
        with ledger.slot(address.host):
            clone(address, folder / name, plan.bounds(_MOST_PACK), kept_clones(plan.keep_clones))
        return _run(plan, name, folder, folder)
    if host is not None:
        with ledger.slot(host):
            return _run(plan, target, folder)
    return _run(plan, target, folder)


def registry_of(target: str) -> str | None:
    """Return the host that an image is fetched from; None for a folder, or an image of this machine."""
    if not target.startswith(_REGISTRY):
        return None
    return image_name(target.removeprefix(_REGISTRY)).host


def identity_of(target: str) -> str:
    """Return what equal targets have in common: `registry:alpine` is `registry:docker.io/library/alpine:latest`."""
    if not target.startswith(_REGISTRY):
        return target
    return f"{_REGISTRY}{image_name(target.removeprefix(_REGISTRY))}"


def _run(plan: FleetPlan, target: str, folder: Path, start: Path | None = None) -> TargetJudgement:
    """Return what `gate run` says of a target, which is named from the folder `start`."""
    bounds = plan.bounds(_MOST_OUTPUT)
    report, said = folder / ".report.json", folder / ".said"
    words = ["run", "--store", plan.store, "--report", f"json={report}", "-q", *plan.options, "--", target]
    command = [sys.executable, "-m", "gate", *words]
    with said.open("wb") as file:
        process = subprocess.Popen(
            command,
            cwd=start,
            env=without_logins(os.environ),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=partial(_prepare, os.getpid(), limits_for(bounds)),
        )
        status = wait("gate run", process, bounds, [said], "Raise --limit, or judge it by itself")
    stated = _report_in(report)
    verdict = _STATUSES.get(status, VerdictStatus.INCOMPLETE)
    if stated is not None and stated.verdict.status is verdict is not VerdictStatus.INCOMPLETE:
        return TargetJudgement(verdict)
    errors = [error for stage in stated.stages for error in stage.errors] if stated else []
    if not errors:
        return TargetJudgement(VerdictStatus.INCOMPLETE, _last_words(said, status))
    more = f"; {len(errors) - 1:,} more" if len(errors) > 1 else ""
    reason = f"{clipped(visible(str(errors[0])), _MOST_REASON)}{more}"
    is_passing = any(one.title.startswith(_UNAVAILABLE) for one in errors)
    return TargetJudgement(VerdictStatus.INCOMPLETE, reason, is_passing=is_passing)


def _prepare(parent: int, limit: Callable[[], None] | None) -> None:
    """Prepare the process that judges: it ends with this one, or its claim could pass on while it goes on."""
    end_with(parent)
    if limit is not None:
        limit()


def _report_in(file: Path) -> "_Report | None":
    """Return the report of a run; None if it ended without one."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=_Report)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _last_words(said: Path, status: int) -> str:
    """Return what the command said of itself, which is masked there."""
    lines = [line for line in said.read_text("utf-8", "replace").splitlines() if line.strip()]
    own = [line.removeprefix("gate: ") for line in lines if line.startswith("gate: ")]
    text = (own or lines or [f"ended with status {status}"])[-1]
    return clipped(visible(text), _MOST_REASON)
