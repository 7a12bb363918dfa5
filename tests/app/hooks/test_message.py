"""What a developer reads after a push was judged."""

import msgspec
import pytest

from gate.app.hooks.message import message
from gate.model import (
    Finding,
    Fix,
    Location,
    Report,
    Secret,
    Severity,
    StageError,
    StageStatus,
    StageSummary,
    Tool,
    Verdict,
    VerdictStatus,
)

FINDING = Finding(
    stage="secrets",
    rule="secrets.token",
    severity=Severity.HIGH,
    title="A token",
    message="A token",
    fingerprint="f" * 32,
    location=Location(target="refs/heads/main", path="a.env", line=3),
    blocking=True,
    decided_by="secrets",
    fix=Fix(description="Revoke it."),
    secret=Secret(type="token", hash="0", redacted="ghp_…"),
)


def _report(status: VerdictStatus, *findings: Finding, errors: tuple[StageError, ...] = ()) -> Report:
    stage = StageSummary(
        name="secrets",
        status=StageStatus.ERROR if errors else StageStatus.OK,
        reason=None,
        duration_s=0.1,
        targets=("refs/heads/main",),
        counts={},
        facts={},
        errors=errors,
    )
    return Report(
        tool=Tool(name="gate", version="0"),
        verdict=Verdict(status=status),
        stages=(stage,),
        findings=findings,
        packages=0,
    )


def test_a_pass_is_one_line():
    assert list(message(_report(VerdictStatus.PASS))) == ["gate: PASS: nothing was found."]


def test_a_refusal_says_what_where_how_to_mend_how_to_waive_and_the_way_out():
    text = "\n".join(message(_report(VerdictStatus.FAIL, FINDING)))
    for part in (
        "a.env:3",
        "secrets.token",
        "Revoke it.",
        f"gate waive {'f' * 32}",
        "gate explain",
        "git rebase -i",
        "--no-verify",
    ):
        assert part in text


def test_what_does_not_block_is_not_shown():
    reported = msgspec.structs.replace(FINDING, blocking=False, fingerprint="e" * 32)
    assert "e" * 32 not in "\n".join(message(_report(VerdictStatus.FAIL, FINDING, reported)))


@pytest.mark.parametrize("order", [1, -1])
def test_the_same_problem_in_tree_and_commits_is_said_and_counted_once_with_its_commit(order):
    commits = Location(target="commits of refs/heads/main", path="a.env", line=3, commit="c" * 40)
    both = [FINDING, msgspec.structs.replace(FINDING, location=commits)][::order]
    lines = list(message(_report(VerdictStatus.FAIL, *both)))
    assert lines[0] == "gate: FAIL: 1 finding blocks (secrets)."
    assert [line.split("  ")[1] for line in lines if "a.env" in line] == [f"a.env:3 in commit {'c' * 12}"]


@pytest.mark.parametrize("number", [9, 500])
def test_many_problems_fit_one_screen_and_the_rest_is_counted(number):
    findings = [msgspec.structs.replace(FINDING, fingerprint=f"{index:032x}") for index in range(number)]
    lines = "\n".join(message(_report(VerdictStatus.FAIL, *findings))).splitlines()
    assert len(lines) < 40
    assert f"  … and {number - 8} more" in lines


def test_what_could_not_be_read_is_named_and_refused():
    error = StageError(title="cannot be parsed", message="Mend the file", path="lock.json")
    text = "\n".join(message(_report(VerdictStatus.INCOMPLETE, errors=(error,))))
    assert "INCOMPLETE" in text
    assert "lock.json: cannot be parsed: Mend the file" in text
    assert "The push is refused" in text


def test_a_file_name_cannot_steer_the_terminal():
    hostile = msgspec.structs.replace(FINDING, location=Location(target="t", path="\x1b[31m\nx", line=1))
    assert "\x1b" not in "\n".join(message(_report(VerdictStatus.FAIL, hostile)))
