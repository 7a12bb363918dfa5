"""Many targets: each is judged once, none stops the rest, and a restart repeats nothing that is finished.

It goes through `gate/fleet/ledger.py` and `gate/fleet/target_run.py`. The judging of a target, a process of its own, is
replaced where the test is on what is around it.
"""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from gate.core.errors import UsageError
from gate.fleet import fleet_run, target_run
from gate.fleet.fleet_run import FleetTotals, on_this_machine, run_fleet
from gate.fleet.ledger import ATTEMPTS, Ledger, LedgerEntry
from gate.fleet.store import FleetStore
from gate.fleet.target_run import FleetPlan
from gate.model import VerdictStatus
from tests.processes import left_of

PASS, FAIL, INCOMPLETE = VerdictStatus.PASS, VerdictStatus.FAIL, VerdictStatus.INCOMPLETE


class Judged:
    """Stands for `gate run`: what it was asked for, and what it answers."""

    def __init__(self) -> None:
        self.targets: list[str] = []
        self.answers: dict[str, VerdictStatus] = {}
        self.busy: dict[str, int] = {}
        """How often the server of a target does not answer."""
        self._lock = threading.Lock()

    def __call__(self, plan: FleetPlan, ledger: Ledger, target: str) -> target_run.TargetJudgement:
        with self._lock:
            self.targets.append(target)
        if self.busy.get(target, 0):
            self.busy[target] -= 1
            return target_run.TargetJudgement(INCOMPLETE, "cannot be fetched (status 503)", is_passing=True)
        status = self.answers.get(target, PASS)
        return target_run.TargetJudgement(status, "it cannot be reached" if status is INCOMPLETE else "", seconds=0.1)


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> Judged:
    judged = Judged()
    monkeypatch.setattr(target_run, "_judge", judged)
    monkeypatch.setattr(fleet_run, "WAIT_S", 0.01)
    monkeypatch.setattr(fleet_run, "RETRY_S", 0.01)
    return judged


@pytest.fixture
def plan(store: FleetStore) -> FleetPlan:
    return FleetPlan(store=store.shown, run="night")


def run(plan: FleetPlan, *targets: str, jobs: int = 4) -> FleetTotals:
    return run_fleet(plan, targets, on_this_machine(jobs), lambda _: None)


def test_every_target_is_judged_once_and_a_failing_one_stops_no_other(plan: FleetPlan, judged: Judged) -> None:
    judged.answers = {"b": FAIL, "c": INCOMPLETE}
    totals = run(plan, "a", "b", "c", "d")
    assert sorted(judged.targets) == ["a", "b", "c", "d"]
    assert [totals.count(status) for status in (PASS, FAIL, INCOMPLETE)] == [2, 1, 1]
    assert (totals.unread_share, totals.left) == (25.0, ())
    assert json.loads(list(totals.lines())[2]) == {
        "target": "c",
        "status": "incomplete",
        "reason": "it cannot be reached",
    }


def test_a_restart_repeats_nothing_that_is_finished(plan: FleetPlan, judged: Judged) -> None:
    judged.answers = {"bad": INCOMPLETE}
    run(plan, "a", "bad")
    for _ in range(ATTEMPTS + 1):
        run(plan, "a", "bad", "new")
    assert sorted(judged.targets) == ["a", *["bad"] * ATTEMPTS, "new"]


def test_another_run_policy_or_version_judges_again(plan: FleetPlan, judged: Judged, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    run(plan, "a")
    run(msgspec.structs.replace(plan, run="next"), "a")
    run(msgspec.structs.replace(plan, options=("--policy", "strict.yaml")), "a")
    assert judged.targets == ["a", "a", "a"]
    monkeypatch.setattr("gate.fleet.ledger.__version__", "99")
    run(plan, "a")
    assert len(judged.targets) == 4


def test_two_fleets_on_one_store_judge_each_target_once(plan: FleetPlan, judged: Judged) -> None:
    targets = [f"t{number}" for number in range(40)]
    totals: list[FleetTotals] = []
    fleets = [threading.Thread(target=lambda: totals.append(run(plan, *targets))) for _ in range(3)]
    for fleet in fleets:
        fleet.start()
    for fleet in fleets:
        fleet.join()
    assert sorted(judged.targets) == sorted(targets)
    assert [one.count(PASS) for one in totals] == [40, 40, 40]


def claim_of(plan: FleetPlan, content: bytes) -> None:
    ledger = plan.ledger()
    ledger._files.write(f"{ledger._place('a')}.claim.0", content)


def test_a_server_that_does_not_answer_is_asked_again_and_not_for_ever(plan: FleetPlan, judged: Judged) -> None:
    judged.busy = {"a": 1, "b": 99}
    totals = run(plan, "a", "b", "c")
    assert (totals.count(PASS), totals.count(INCOMPLETE)) == (2, 1)
    assert sorted(judged.targets) == ["a", "a", *["b"] * ATTEMPTS, "c"]


def test_no_more_targets_than_said_are_fetched_from_a_host_by_all_processes(store: FleetStore) -> None:
    plan = FleetPlan(store=store.shown, run="night", per_host=2)
    at_once, most = [0], [0]

    def fetch(_: int) -> None:
        with plan.ledger().slot("registry.example.com"):
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
            time.sleep(0.02)
            at_once[0] -= 1

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(fetch, range(8)))
    assert most == [2]


def test_a_half_written_claim_or_entry_is_none(plan: FleetPlan, judged: Judged) -> None:
    claim_of(plan, b'{"ho')
    ledger = plan.ledger()
    ledger._files.write(ledger._place("a"), b'{"target": "a", "st')
    assert run(plan, "a").count(PASS) == 1
    assert ledger.entry("a") == LedgerEntry(target="a", status=PASS, options=plan.options_digest, seconds=0.1)


def test_what_another_machine_is_at_is_left_to_it_in_the_end(
    store: FleetStore, judged: Judged, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fleet_run, "SILENCE_S", 0.0)
    plan = FleetPlan(store=store.shown, run="night", limit_s=0.05)
    claim_of(plan, msgspec.json.encode({"machine": "elsewhere", "process": 1}))
    totals = run(plan, "a", "b")
    assert (totals.left, totals.unread_share, judged.targets) == (("a",), 50.0, ["b"])


@pytest.mark.parametrize("name", ["", "../a", "a/b", ".hidden", "a" * 101])
def test_the_name_of_a_run_is_a_name(store: FleetStore, name: str) -> None:
    with pytest.raises(UsageError):
        FleetPlan(store=store.shown, run=name).ledger()


def test_a_target_that_never_ends_costs_its_own_time(store: FleetStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A real process, which is killed with all that it started."""
    monkeypatch.setattr(target_run.sys, "executable", "/bin/sleep-is-not-python")
    plan = FleetPlan(store=store.shown, run="night", limit_s=1)
    with pytest.raises(FileNotFoundError):
        run(plan, "a")
    script = Path(store.shown, "python")
    script.write_text(f"#!/bin/sh\nsleep 60 & echo $! > {store.shown}/started\nsleep 60\n")
    script.chmod(0o755)
    monkeypatch.setattr(target_run.sys, "executable", str(script))
    (entry,) = run(plan, "a").entries
    assert entry.reason.startswith("gate run took more than 1 seconds")
    assert left_of([int(Path(store.shown, "started").read_text())]) == []
