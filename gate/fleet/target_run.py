"""Judging one target of a fleet: `gate run` in a process of its own, which can only cost its own limits."""

import hashlib
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from gate.core.errors import GateError
from gate.core.programs import Bounds, limits_for, wait
from gate.core.text import clipped, visible
from gate.fleet.ledger import Ledger, LedgerEntry
from gate.fleet.store import open_store
from gate.model import VerdictStatus

_STATUSES = {0: VerdictStatus.PASS, 1: VerdictStatus.FAIL}
"""Exit status of `gate run` to verdict; every other one is incomplete."""
_MOST_OUTPUT = 64 << 20
_MOST_REASON = 300


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

    def ledger(self) -> Ledger:
        """Open the ledger. Raises GateError."""
        return Ledger(open_store(self.store, self.organisation), self.run, self.options_digest, self.limit_s)

    @property
    def options_digest(self) -> str:
        """What tells the judging by some options from that by others."""
        return hashlib.sha256("\0".join(self.options).encode("utf-8", "surrogateescape")).hexdigest()[:16]


class TargetOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a target in this run."""

    target: str
    entry: LedgerEntry | None
    """None if another process is at it."""


def judge_batch(plan: FleetPlan, targets: tuple[str, ...]) -> list[TargetOutcome]:
    """Judge some targets, one after the other; what is finished already is left. Raises GateError for the store's."""
    ledger = plan.ledger()
    return [judge_once(plan, ledger, target) for target in targets]


def judge_once(plan: FleetPlan, ledger: Ledger, target: str) -> TargetOutcome:
    """Judge a target unless that is done, or another process is at it, and write down what came out."""
    before = ledger.entry(target)
    if before is not None and before.is_finished:
        return TargetOutcome(target=target, entry=before)
    if not ledger.claim(target):
        return TargetOutcome(target=target, entry=None)
    try:
        return TargetOutcome(target=target, entry=_judge_claimed(plan, ledger, target))
    finally:
        ledger.release(target)


def _judge_claimed(plan: FleetPlan, ledger: Ledger, target: str) -> LedgerEntry:
    before = ledger.entry(target)  # again: another process may have finished it before the claim
    if before is not None and before.is_finished:
        return before
    status, reason, seconds = _judge(plan, target)
    entry = LedgerEntry(
        target=target,
        status=status,
        options=plan.options_digest,
        reason=reason,
        attempts=before.attempts + 1 if before else 1,
        seconds=round(seconds, 1),
    )
    ledger.write(entry)
    return entry


def _judge(plan: FleetPlan, target: str) -> tuple[VerdictStatus, str, float]:
    """Return verdict, reason and seconds of `gate run` on a target."""
    bounds = Bounds(seconds=plan.limit_s, memory=plan.memory, output=_MOST_OUTPUT)
    command = [sys.executable, "-m", "gate", "run", "--store", plan.store, "-q", *plan.options, "--", target]
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="gate-fleet-") as folder:
        said = Path(folder, "said")
        try:
            with said.open("wb") as file:
                process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=file,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    preexec_fn=limits_for(bounds),
                )
                status = wait("gate run", process, bounds, [said], "Raise --limit, or judge it by itself")
        except GateError as error:
            return VerdictStatus.INCOMPLETE, str(error), time.monotonic() - started
        verdict = _STATUSES.get(status, VerdictStatus.INCOMPLETE)
        reason = _reason(said, status) if verdict is VerdictStatus.INCOMPLETE else ""
    return verdict, reason, time.monotonic() - started


def _reason(said: Path, status: int) -> str:
    """Return what the command said of itself, which is masked there."""
    lines = [line for line in said.read_text("utf-8", "replace").splitlines() if line.strip()]
    own = [line.removeprefix("gate: ") for line in lines if line.startswith("gate: ")]
    text = (own or lines or [f"ended with status {status}"])[-1]
    return clipped(visible(text), _MOST_REASON)
