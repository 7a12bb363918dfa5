"""What a developer reads after a push was judged."""

import msgspec
import pytest

from gate.app.hooks.message import message
from gate.model import (
    Finding,
    Fix,
    Location,
    Package,
    Report,
    Secret,
    Severity,
    StageError,
    StageStatus,
    StageSummary,
    Tool,
    TrustUsed,
    Verdict,
    VerdictStatus,
    Vulnerability,
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


def test_what_is_incomplete_says_what_to_do_and_not_to_fix_what_there_is_not():
    ways = f"{'x' * 400}: Run `gate db update`, or name a mirror"
    error = StageError(title="the advisories are not on this machine", message=ways, path="npm/all.zip")
    text = "\n".join(message(_report(VerdictStatus.INCOMPLETE, errors=(error,))))
    assert "or name a mirror" in text
    assert "The push is refused. Do what each error says, and push again." in text
    assert "Fix it and commit" not in text
    assert "Fix it and commit" in "\n".join(message(_report(VerdictStatus.INCOMPLETE, FINDING, errors=(error,))))


def test_a_refusal_says_what_where_how_to_mend_how_to_waive_and_the_way_out():
    text = "\n".join(message(_report(VerdictStatus.FAIL, FINDING)))
    for part in (
        "a.env:3",
        "secrets.token",
        "Revoke it.",
        f"gate waive {'f' * 12} ",
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
    assert [line.split("  ")[1] for line in lines if line.startswith("  a.env")] == [f"a.env:3 in commit {'c' * 12}"]


@pytest.mark.parametrize("number", [9, 500])
def test_many_problems_fit_one_screen_and_the_rest_is_counted(number):
    findings = [msgspec.structs.replace(FINDING, fingerprint=f"{index:032x}") for index in range(number)]
    lines = "\n".join(message(_report(VerdictStatus.FAIL, *findings))).splitlines()
    assert len(lines) < 40
    assert f"  … and {number - 3} more" in lines


def test_what_could_not_be_read_is_named_and_refused():
    error = StageError(title="cannot be parsed", message="Mend the file", path="lock.json")
    text = "\n".join(message(_report(VerdictStatus.INCOMPLETE, errors=(error,))))
    assert "INCOMPLETE" in text
    assert "lock.json: cannot be parsed: Mend the file" in text
    assert "The push is refused" in text


def test_a_file_name_cannot_steer_the_terminal():
    hostile = msgspec.structs.replace(FINDING, location=Location(target="t", path="\x1b[31m\nx", line=1))
    assert "\x1b" not in "\n".join(message(_report(VerdictStatus.FAIL, hostile)))


def _package(name: str, rule: str, path: str = "web/package-lock.json", mark: str = "0") -> Finding:
    return msgspec.structs.replace(
        FINDING,
        stage="dependencies",
        rule=rule,
        title=f"{name} 1.0: a hole",
        fingerprint=f"{rule}{path}{mark}".encode().hex()[:32].ljust(32, "0"),
        location=Location(target="main", path=path),
        fix=Fix(description=f"Update {name} from 1.0 to 2.0: npm install {name}@2.0"),
        secret=None,
        package=Package(name=name, version="1.0", ecosystem="npm", purl=f"pkg:npm/{name}@1.0"),
        vulnerability=Vulnerability(id=rule, fixed_versions=("2.0",)),
    )


def test_a_package_is_one_block_with_one_command_not_one_for_each_of_its_vulnerabilities():
    found = [_package("lodash", f"GHSA-{number}") for number in range(5)]
    text = "\n".join(message(_report(VerdictStatus.FAIL, *found)))
    assert text.count("npm install lodash@2.0") == 1
    assert "(clears all 5)" in text
    assert text.count("gate waive") == 1


def test_of_many_rules_and_packages_the_worst_are_shown_and_the_rest_is_counted_unless_verbose():
    found = [_package(f"name{number}", f"GHSA-{number}", mark=str(number)) for number in range(12)]
    report = _report(VerdictStatus.FAIL, *found)
    lines = list(message(report))
    assert len(lines) < 60
    assert "… and 7 more findings in 7 rules or packages." in "\n".join(lines)
    assert all(f"name{number} 1.0" in "\n".join(message(report, is_verbose=True)) for number in range(12))


def test_how_to_take_a_secret_out_of_each_commit_is_said_to_the_end():
    how = "Delete the token. " + "Read the log for its use. " * 20
    commits = ["c" * 12, "d" * 12]
    found = [
        msgspec.structs.replace(
            FINDING,
            fingerprint=commit[0] * 32,
            fix=Fix(description=f"{how}Take {commit} out: git rebase -i {commit}~1."),
        )
        for commit in commits
    ]
    text = " ".join("\n".join(message(_report(VerdictStatus.FAIL, *found))).split())
    assert text.count("Delete the token.") == 1
    for commit in commits:
        assert f"git rebase -i {commit}~1." in text


def test_where_no_waiver_can_help_none_is_offered():
    text = "\n".join(
        message(_report(VerdictStatus.FAIL, FINDING), unwaivable={FINDING.fingerprint: "org.yaml forbids it"})
    )
    assert "gate waive" not in text
    assert "Waive: not possible, org.yaml forbids it" in text


def test_on_a_protected_branch_it_says_where_a_waiver_counts():
    trust = TrustUsed(mode="base", settings=None, commit="a" * 40)
    report = msgspec.structs.replace(_report(VerdictStatus.FAIL, FINDING), trust=trust)
    assert "a waiver takes effect once it is merged" in "\n".join(message(report))
    assert "protected" not in "\n".join(message(_report(VerdictStatus.FAIL, FINDING)))
