"""Judging many targets: which ones, spread over processes of this machine, and what it all came to."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import msgspec

from gate.core.json_text import json_bytes
from gate.fleet.claims import SILENCE_S
from gate.fleet.ledger import LedgerEntry
from gate.fleet.scratch import sweep
from gate.fleet.target_run import FleetPlan, TargetOutcome, judge_once, ledger_of
from gate.model import VerdictStatus

WAIT_S = 5.0
"""Seconds between two looks at targets that other processes are at."""
RETRY_S = 30.0
"""Seconds before what a server did not answer for is tried again."""

Reporting = Callable[[TargetOutcome], None]
Judging = Callable[[FleetPlan, Sequence[str], Reporting], None]
"""Judges targets wherever that is, and reports each that is done."""


class FleetTotals(msgspec.Struct, frozen=True, kw_only=True):
    """What a fleet run came to."""

    entries: tuple[LedgerEntry, ...]
    left: tuple[str, ...]
    """Targets that another process is still at."""

    def count(self, status: VerdictStatus) -> int:
        return sum(one.status is status for one in self.entries)

    def lines(self) -> Iterator[str]:
        """Yield a line of JSON for each target, in their order, the same wherever they were judged."""
        for one in sorted(self.entries, key=lambda entry: entry.target):
            stated = {"target": one.target, "status": one.status.value, "reason": one.reason}
            yield json_bytes(stated).decode()

    @property
    def unread_share(self) -> float:
        """Per cent of the targets that were not judged, or not whole."""
        total = len(self.entries) + len(self.left)
        return 100 * (self.count(VerdictStatus.INCOMPLETE) + len(self.left)) / total if total else 0.0


def run_fleet(plan: FleetPlan, targets: Sequence[str], judge: Judging, report: Reporting) -> FleetTotals:
    """Judge all targets that the ledger does not have yet, and return what all of them came to.

    What other processes are at is waited for, and taken over once they are gone. What a server did not answer for is
    tried again, in all as often as `gate.fleet.ledger.ATTEMPTS` says.
    """
    known: dict[str, LedgerEntry] = {}
    left: list[str] = []
    ledger = plan.ledger()
    for target in targets:
        entry = ledger.entry(target)
        if entry is not None:
            known[target] = entry
        if entry is not None and entry.is_finished:
            report(TargetOutcome(target=target, entry=entry))
        else:
            left.append(target)
    end = time.monotonic() + plan.limit_s + SILENCE_S + WAIT_S
    claimed: list[str] = []
    passing: list[str] = []

    def note(outcome: TargetOutcome) -> None:
        if outcome.entry is None:
            claimed.append(outcome.target)
            return
        known[outcome.target] = outcome.entry
        if outcome.entry.is_passing and not outcome.entry.is_finished:
            passing.append(outcome.target)
        else:
            report(outcome)

    while left:
        claimed.clear()
        passing.clear()
        judge(plan, left, note)
        if claimed and time.monotonic() > end:
            claimed.clear()
        left = [*claimed, *passing]
        if left:
            time.sleep(RETRY_S if passing else min(WAIT_S, plan.limit_s))
    entries = tuple(known[target] for target in targets if target in known)
    return FleetTotals(entries=entries, left=tuple(target for target in targets if target not in known))


def on_this_machine(jobs: int) -> Judging:
    """Return what judges on this machine, `jobs` targets at a time."""

    def judge(plan: FleetPlan, targets: Sequence[str], report: Reporting) -> None:
        sweep()
        ledger = ledger_of(plan)
        with ledger.beating(), ThreadPoolExecutor(jobs) as threads:  # each waits for a process
            for outcome in threads.map(lambda target: judge_once(plan, ledger, target), targets):
                report(outcome)

    return judge
