"""What another policy would have decided on a report: what blocks then, what passes, and what stays as it was."""

from typing import Any

import msgspec

from gate.model import Finding, Report, StageError, StageStatus, StageSummary, Status, Tool, Verdict, VerdictStatus
from gate.policy.layers import PolicyLayer
from gate.policy.what_if import change_of
from gate.settings.policy import Effect, Rule
from tests.policy.test_decide import NOW, finding


def layer(effect: str, rule: str = "DL*") -> tuple[PolicyLayer, ...]:
    return (PolicyLayer(source="new.yaml", rules=(Rule(id="r", why="w", effect=Effect(effect), when=_when(rule)),)),)


def _when(rule: str) -> Any:
    from gate.settings.policy import Condition

    return Condition(rule=rule, new=True)


def report(*findings: Finding, errors: tuple[StageError, ...] = ()) -> Report:
    stage = StageSummary(
        name="dockerfile",
        status=StageStatus.ERROR if errors else StageStatus.OK,
        reason=None,
        duration_s=1,
        targets=("shop",),
        counts={},
        facts={},
        errors=errors,
    )
    is_blocked = any(one.blocking for one in findings)
    verdict = Verdict(status=VerdictStatus.FAIL if is_blocked else VerdictStatus.PASS, reasons=())
    tool = Tool(name="gate", version="1")
    return Report(
        tool=tool, verdict=verdict, stages=(stage,), findings=findings, packages=0, inputs=(), policies=(), part=None
    )


def marks(findings: tuple[Finding, ...]) -> list[str]:
    return [one.fingerprint for one in findings]


def test_what_would_block_and_did_not() -> None:
    change = change_of(report(finding(status=Status.NEW)), layer("block"), NOW)
    assert (change.before, change.after) == (VerdictStatus.PASS, VerdictStatus.FAIL)
    assert (marks(change.blocking), marks(change.passing)) == (["f1"], [])


def test_what_would_pass_and_did_not() -> None:
    change = change_of(report(finding(status=Status.NEW, blocking=True)), layer("ignore"), NOW)
    assert (change.before, change.after) == (VerdictStatus.FAIL, VerdictStatus.PASS)
    assert (marks(change.blocking), marks(change.passing)) == ([], ["f1"])
    assert change.passing[0].decided_by == "r"


def test_what_blocks_in_both_is_no_change() -> None:
    change = change_of(report(finding(status=Status.NEW, blocking=True)), layer("block"), NOW)
    assert (change.after, change.blocking, change.passing) == (VerdictStatus.FAIL, (), ())


def test_what_was_waived_or_there_before_stays_so() -> None:
    for status in (Status.WAIVED, Status.EXISTING):
        change = change_of(report(finding(status=status)), layer("block"), NOW)
        assert (change.after, change.blocking) == (VerdictStatus.PASS, ())


def test_what_was_incomplete_stays_so() -> None:
    errors = (StageError(title="cannot be read", message=""),)
    whole = report(finding(status=Status.NEW), errors=errors)
    assert change_of(msgspec.structs.replace(whole), layer("ignore"), NOW).after is VerdictStatus.INCOMPLETE
