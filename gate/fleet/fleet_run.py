"""Judging many targets: which ones, spread over processes of this machine, and what it all came to."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from gate.core.errors import LimitError, UnreadableError, UsageError
from gate.core.json_text import json_bytes
from gate.fleet.ledger import LedgerEntry
from gate.fleet.target_run import FleetPlan, TargetOutcome, judge_once
from gate.model import VerdictStatus

MOST_TARGETS = 1_000_000
_MAX_LIST = 256 << 20
"""Bytes of a file with a list of targets."""
_MAX_TARGET = 2_000
_LOGIN = "@"
WAIT_S = 5.0
"""Seconds between two looks at targets that other processes are at."""

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


def read_targets(words: Iterable[str], lists: Iterable[str]) -> list[str]:
    """Return the targets of the command line and of files with one a line (`#` begins a comment), each once.

    Raises UsageError for a target that holds a login or is none, and UnreadableError for a file.
    """
    found: dict[str, None] = dict.fromkeys(words)
    for path in lists:
        found.update(dict.fromkeys(_lines(path)))
    if len(found) > MOST_TARGETS:
        raise LimitError(f"there are more than {MOST_TARGETS:,} targets", hint="Judge them in several runs")
    for target in found:
        _check(target)
    if not found:
        raise UsageError("there is no target", hint="Name folders and images, or a file of them: --from FILE")
    return list(found)


def _lines(path: str) -> Iterator[str]:
    try:
        with Path(path).open("rb") as file:
            content = file.read(_MAX_LIST + 1)
    except OSError as error:
        raise UnreadableError(f"cannot be read ({error.strerror})", path=path) from error
    if len(content) > _MAX_LIST:
        raise LimitError(f"has more than {_MAX_LIST:,} bytes", path=path)
    try:
        lines = content.decode("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise UnreadableError("is not UTF-8", path=path) from error
    return (line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#"))


def _check(target: str) -> None:
    """Raise UsageError for what would put a login into the ledger, or cannot be a target."""
    if not target or len(target) > _MAX_TARGET or not target.isprintable():
        raise UsageError("is no target", path=target[:60])
    host, separator, _ = target.rpartition(_LOGIN)
    if separator and ":" in host.partition("://")[2].rpartition("/")[2]:
        hint = "Credentials belong to the host's own configuration: docker login, or a credential helper"
        raise UsageError("a target has a login in it", hint=hint)


def run_fleet(plan: FleetPlan, targets: Sequence[str], judge: Judging, report: Reporting) -> FleetTotals:
    """Judge all targets that the ledger does not have yet, and return what all of them came to.

    What other processes are at is waited for, and taken over once they are gone.
    """
    ledger = plan.ledger()
    for target in targets:
        entry = ledger.entry(target)
        if entry is not None and entry.is_finished:
            report(TargetOutcome(target=target, entry=entry))
    end = time.monotonic() + plan.limit_s + WAIT_S
    left = ledger.unfinished(targets)
    claimed: list[str] = []

    def note(outcome: TargetOutcome) -> None:
        if outcome.entry is None:
            claimed.append(outcome.target)
        else:
            report(outcome)

    while left:
        claimed.clear()
        judge(plan, left, note)
        left = list(claimed)
        if left and time.monotonic() > end:
            break
        if left:
            time.sleep(min(WAIT_S, plan.limit_s))
    entries = ((target, ledger.entry(target)) for target in targets)
    known = {target: entry for target, entry in entries if entry is not None}
    return FleetTotals(entries=tuple(known.values()), left=tuple(target for target in targets if target not in known))


def share_of(targets: Sequence[str], shard: str) -> list[str]:
    """Return every N-th target from the I-th on, for a shard `I/N`. Raises UsageError for what is none."""
    number, _, count = shard.partition("/")
    if not (number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count)):
        raise UsageError("--shard: write I/N, with I from 1 to N", path=shard[:40])
    return list(targets[int(number) - 1 :: int(count)])


def on_this_machine(jobs: int) -> Judging:
    """Return what judges on this machine, `jobs` targets at a time."""

    def judge(plan: FleetPlan, targets: Sequence[str], report: Reporting) -> None:
        ledger = plan.ledger()
        with ThreadPoolExecutor(jobs) as threads:  # each waits for a process
            for outcome in threads.map(lambda target: judge_once(plan, ledger, target), targets):
                report(outcome)

    return judge
