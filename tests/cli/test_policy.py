"""The policy at the command line: layers above the project, explaining a finding, trying a policy on past reports."""

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from gate.model import Tree
from tests.cli.conftest import Gate

MakeTree = Callable[[dict[str, str | bytes]], Tree]
BAD_DOCKERFILE = "FROM debian:latest\nRUN chmod 777 /srv\n"
WAIVE = ("--reason", "r", "--owner", "o", "--until", "2099-01-01")


@pytest.fixture(autouse=True)
def one_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATE_STAGE", "dockerfile")


def first_blocking(root: str) -> str:
    report = json.loads(Path(root, "report.json").read_text())
    return str(next(one for one in report["findings"] if one["blocking"])["fingerprint"])


def _waived(root: str) -> list[dict[str, Any]]:
    report = json.loads(Path(root, "report.json").read_text())
    return [one for one in report["findings"] if one["status"] == "waived"]


def test_a_project_is_under_the_policy_that_it_extends(gate: Gate, make_tree: MakeTree) -> None:
    files = {
        "Dockerfile": "FROM debian:13\nRUN apt-get update\n",
        "gate.yaml": "policy: {extends: org.yaml}\n",
        "org.yaml": "rules: [{id: strict, why: All of it., when: {severity: info}}]\n",
    }
    done = gate("run", cwd=make_tree(files).root)
    assert done.returncode == 1
    assert "strict" in done.stdout


@pytest.mark.parametrize(
    ("settings", "organisation", "words", "said"),
    [
        (
            "",
            "settings: {stages: {dockerfile: {enabled: true}}}",
            ["--skip", "dockerfile"],
            "command line: stages.docker",
        ),
        ("", "required_stages: [dockerfile]", ["--skip", "dockerfile"], "org.yaml requires it"),
        ("", "required_stages: [docker]", [], "there is no stage docker"),
        (
            "stages: {dockerfile: {ignore: ['**']}}",
            "settings: {stages: {dockerfile: {ignore: []}}}",
            [],
            "is fixed to []",
        ),
        ("since: HEAD", "", [], "since is not allowed in a file that may come with the code"),
        ("policy: {rules: [{id: malicious, why: w, effect: warn}]}", "", [], "is looser than the rule malicious"),
        ("", "waivers: {longest: 30d}", [], "until 2099-01-01; org.yaml allows 30d"),
        ("", "rules: [{id: a, why: w, grace: {high: 2m}}]", [], "such as 14d"),
        ("", "extends: org.yaml", [], "in a circle"),
    ],
)
def test_an_attempt_to_loosen_is_status_2_and_names_the_place(
    gate: Gate, make_tree: MakeTree, settings: str, organisation: str, words: list[str], said: str
) -> None:
    files = {"Dockerfile": BAD_DOCKERFILE, "gate.yaml": settings, "org.yaml": organisation}
    root = make_tree(files).root
    assert gate("waive", "f" * 32, *WAIVE, cwd=root).returncode == 0
    done = gate("run", "--policy", "org.yaml", *words, cwd=root)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


@pytest.mark.parametrize(
    ("organisation", "status"),
    [
        ("required_stages: [dockerfile]", 3),
        ("required_stages: [dockerfile]\nsettings: {stages: {dockerfile: {ignore: ['**']}}}", 0),
        ("{}", 0),
    ],
)
def test_a_project_cannot_leave_nothing_to_a_required_stage(
    gate: Gate, make_tree: MakeTree, organisation: str, status: int
) -> None:
    settings = "stages: {dockerfile: {ignore: ['**']}}"
    root = make_tree({"Dockerfile": BAD_DOCKERFILE, "gate.yaml": settings, "org.yaml": organisation}).root
    assert gate("run", "--policy", "org.yaml", cwd=root).returncode == status


def test_what_a_project_chooses_under_a_policy_is_told(
    gate: Gate, make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = "jobs: 1\nstages: {dockerfile: {ignore: [a], rules: {GD003: off}}}\nadvisories: {max_age: 9d}"
    root = make_tree({"gate.yaml": settings, "org.yaml": "settings: {advisories: {max_age: 9d}}"}).root
    told = "the project's settings say of stages.dockerfile.ignore, stages.dockerfile.rules.GD003 No policy"
    assert told in " ".join(gate("run", "--policy", "org.yaml", cwd=root).stdout.split())
    assert "No policy fixes" not in gate("run", cwd=root).stdout
    monkeypatch.setenv("GATE_DOCKERFILE_IGNORE", "b")
    told = "the environment says of stages.dockerfile.enabled, stages.dockerfile.ignore, stages.secrets.enabled"
    assert told in " ".join(gate("run", "--policy", "org.yaml", cwd=root).stdout.split())


def test_two_policies_of_the_same_name_in_different_folders_both_hold(gate: Gate, make_tree: MakeTree) -> None:
    strict = "rules: [{id: strict, why: All of it., when: {severity: info}}]\n"
    files = {
        "shop/Dockerfile": "FROM debian:13\nRUN apt-get update\n",
        "shop/gate.yaml": "policy: {extends: org.yaml}\n",
    }
    root = make_tree({**files, "org.yaml": strict, "shop/org.yaml": "rules: []\n"}).root
    assert gate("run", "shop", "--policy", "org.yaml", cwd=root).returncode == 1
    assert gate("run", "shop", "--policy", "shop/org.yaml", cwd=root).returncode == 0


def test_policy_and_settings_file_can_be_variables_of_the_environment(
    gate: Gate, make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"Dockerfile": "FROM debian:13\nRUN apt-get update\n", "off.yaml": "stages: {dockerfile: {ignore: ['*']}}"}
    strict = "rules: [{id: strict, why: All of it., when: {severity: info}}]\n"
    root = make_tree({**files, "org.yaml": strict, "lax.yaml": "rules: []\n"}).root
    assert gate("run", cwd=root).returncode == 0
    monkeypatch.setenv("GATE_POLICY", "org.yaml")
    assert gate("run", cwd=root).returncode == 1
    assert gate("run", "--policy", "lax.yaml", cwd=root).returncode == 1, "both hold"
    monkeypatch.setenv("GATE_CONFIG", "off.yaml")
    assert "every stage was skipped" in gate("run", cwd=root).stdout
    monkeypatch.setenv("GATE_POLICY", "gone.yaml")
    assert gate("run", cwd=root).returncode == 2


def test_a_policy_that_cannot_be_had_is_status_3(gate: Gate, make_tree: MakeTree) -> None:
    address = f"https://policy.example.com/p.yaml#sha256={'0' * 64}"
    done = gate("run", "--offline", "--policy", address, cwd=make_tree({"Dockerfile": "FROM scratch\n"}).root)
    assert (done.returncode, done.stdout) == (3, "")
    assert "it cannot be fetched with --offline" in done.stderr


def test_a_finding_is_explained_by_rule_file_and_way_out(gate: Gate, make_tree: MakeTree) -> None:
    root = make_tree({"Dockerfile": BAD_DOCKERFILE, "org.yaml": "waivers: {never: [serious-configuration]}"}).root
    gate("run", "--report", "json=report.json", cwd=root)
    mark = first_blocking(root)
    said = gate("explain", mark, cwd=root).stdout
    assert " severity, high confidence, stage dockerfile, Dockerfile:" in said
    assert "→" in said
    assert "block by the rule serious-configuration (built-in policy)" in said
    assert f"Accept it: gate waive {mark}" in said
    assert gate("waive", mark, *WAIVE, cwd=root).returncode == 0
    gate("run", cwd=root)
    assert "It is accepted by a waiver in .gate/waivers.yaml." in gate("explain", mark, cwd=root).stdout
    assert "blocks" in gate("explain", mark, "--from", "report.json", cwd=root).stdout


@pytest.mark.parametrize("target", ["shop", "."])
def test_a_finding_of_a_folder_is_explained_where_it_was_judged_from(
    gate: Gate, make_repository: Any, target: str
) -> None:
    repository = make_repository()
    repository.commit({"Dockerfile": "FROM scratch\n", "shop/Dockerfile": BAD_DOCKERFILE})
    here = str(repository.root if target == "shop" else repository.root / "shop")
    gate("run", target, "--report", "json=report.json", cwd=here)
    assert "What decides" in gate("explain", first_blocking(here), cwd=here).stdout


def test_whether_its_package_is_in_use_is_told_with_the_evidence(gate: Gate, make_tree: MakeTree) -> None:
    root = make_tree({"Dockerfile": BAD_DOCKERFILE}).root
    gate("run", "--report", "json=report.json", cwd=root)
    report = json.loads(Path(root, "report.json").read_text())
    mark = first_blocking(root)
    assert "In use" not in gate("explain", mark, "--from", "report.json", cwd=root).stdout
    for finding in report["findings"]:
        finding |= {"in_use": "yes", "in_use_evidence": ["ENTRYPOINT runs app.py", "app.py:1 imports \x1bflask"]}
    Path(root, "report.json").write_text(json.dumps(report))
    said = gate("explain", mark, "--from", "report.json", cwd=root).stdout
    assert "In use: yes\n  ENTRYPOINT runs app.py\n  app.py:1 imports \\x1bflask\n" in said


def test_a_finding_that_is_not_there_is_said(gate: Gate, make_tree: MakeTree) -> None:
    root = make_tree({"Dockerfile": "FROM scratch\n"}).root
    assert "there is no stored run of this project" in gate("explain", "0" * 32, cwd=root).stderr
    gate("run", cwd=root)
    done = gate("explain", "0" * 32, cwd=root)
    assert (done.returncode, "has no finding" in done.stderr) == (2, True)


@pytest.mark.parametrize("target", ["shop", "."])
def test_the_first_digits_of_a_fingerprint_name_its_finding(gate: Gate, make_tree: MakeTree, target: str) -> None:
    root = make_tree({"shop/Dockerfile": BAD_DOCKERFILE, "README": "hello\n"}).root
    gate("run", target, "--report", "json=report.json", cwd=root)
    mark = first_blocking(root)
    assert f"gate waive {mark}" in gate("explain", mark[:12], cwd=root).stdout
    assert gate("waive", mark[:12], *WAIVE, cwd=root).returncode == 0
    gate("run", target, "--report", "json=report.json", cwd=root)
    assert mark in [one["fingerprint"] for one in _waived(root)]


def test_digits_that_name_no_finding_or_two_waive_nothing(gate: Gate, make_tree: MakeTree) -> None:
    root = make_tree({"Dockerfile": BAD_DOCKERFILE}).root
    gate("run", "--report", "json=report.json", cwd=root)
    report = json.loads(Path(root, "report.json").read_text())
    for number, finding in enumerate(report["findings"]):
        finding["fingerprint"] = f"{number:032x}"
    Path(root, "report.json").write_text(json.dumps(report))
    done = gate("explain", "0" * 12, "--from", "report.json", cwd=root)
    assert (done.returncode, "findings begin with 000000000000" in done.stderr) == (2, True)
    for digits in ("ffffffffffff", "abcde"):
        assert gate("waive", digits, *WAIVE, cwd=root).returncode == 2
    assert not Path(root, ".gate/waivers.yaml").exists()


def test_a_policy_file_that_begins_as_the_section_of_gate_yaml_is_explained(gate: Gate, make_tree: MakeTree) -> None:
    files = {
        "Dockerfile": "FROM scratch\n",
        "org.yaml": "policy:\n  enforce: false\n",
        "gate.yaml": "policy: {extends: org.yaml}\n",
    }
    root = make_tree(files).root
    for done in (gate("run", "--policy", "org.yaml", cwd=root), gate("run", cwd=root)):
        assert done.returncode == 2
        assert (
            "org.yaml:1: `policy:` belongs only in gate.yaml; a policy file begins with the keys below it"
            in done.stderr
        )


def test_a_fingerprint_that_is_nearly_one_of_the_last_run_is_refused_with_the_nearest(
    gate: Gate, make_tree: MakeTree
) -> None:
    """A waiver of nothing would be found out when the push is refused again."""
    root = make_tree({"Dockerfile": BAD_DOCKERFILE}).root
    gate("run", "--report", "json=report.json", cwd=root)
    mark = first_blocking(root)
    mistyped = mark[:-1] + ("0" if mark[-1] != "0" else "1")
    done = gate("waive", mistyped, *WAIVE, cwd=root)
    assert done.returncode == 2
    assert f"Did you mean {mark}?" in done.stderr
    assert gate("waive", mark, *WAIVE, "--from", "report.json", cwd=root).returncode == 0
    other = gate("waive", "0" * 32, *WAIVE, cwd=root)
    assert (other.returncode, "the last run has no finding" in other.stderr) == (0, True)
    assert gate("waive", "0" * 32, *WAIVE, "--from", "report.json", cwd=root).returncode == 2


def test_a_waiver_may_end_in_some_days_and_be_owned_by_whom_git_names(
    gate: Gate, make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "ada@example.com")
    root = make_tree({}).root
    done = gate("waive", "0" * 32, "--reason", "r", "--owner", "--until", "2w", cwd=root)
    assert done.returncode == 0
    (waiver,) = yaml.safe_load(Path(root, ".gate/waivers.yaml").read_text())
    assert waiver["owner"] == "ada@example.com"
    assert date.fromisoformat(str(waiver["until"])) - datetime.now(UTC).date() == timedelta(days=14)
    for until in ("2x", "2020-01-01", "0x"):
        assert gate("waive", "0" * 32, "--reason", "r", "--owner", "o", "--until", until, cwd=root).returncode == 2
    assert gate("waive", "0" * 32, "--reason", "r", "--until", "2w", cwd=root).returncode == 2


def test_an_advisory_is_explained_by_what_the_last_run_found(gate: Gate, make_tree: MakeTree) -> None:
    examples = Path(__file__).parents[2] / "examples" / "storefront"
    files = {f"{place}/requirements.txt": (examples / "api/requirements.txt").read_bytes() for place in ("api", "job")}
    root = make_tree(files).root
    bucket = str(examples / "advisories")
    words = ("--stage", "dependencies", "--offline", "--advisories", bucket, "--report", "json=report.json")
    done = gate("run", *words, cwd=root)
    assert done.returncode == 1, done.stdout + done.stderr
    findings = json.loads(Path(root, "report.json").read_text())["findings"]
    known = next(one["vulnerability"] for one in findings if one.get("vulnerability", {}).get("aliases"))
    for name in (known["id"], known["aliases"][0].lower()):
        done = gate("explain", name, cwd=root)
        assert done.returncode == 0
        assert done.stdout.startswith(known["id"])
        assert "What decides" in done.stdout
        assert "It was found too in\n  job/requirements.txt" in done.stdout
    assert "What decides" not in gate("explain", "GHSA-0000-0000-0000", cwd=root).stdout


def test_a_policy_is_tried_on_a_past_report(gate: Gate, make_tree: MakeTree) -> None:
    root = make_tree({"Dockerfile": BAD_DOCKERFILE, "soft.yaml": "enforce: false", "same.yaml": ""}).root
    gate("run", "--report", "json=report.json", cwd=root)
    done = gate("policy", "test", "soft.yaml", "report.json", cwd=root)
    assert done.returncode == 0
    assert "report.json: FAIL → PASS" in done.stdout
    assert "  Dockerfile:2  " in done.stdout
    two = gate("policy", "test", "soft.yaml", "report.json", "report.json", cwd=root).stdout.splitlines()
    assert two[-1] == "2 reports: 2 pass (2 not as before); 0 findings would block, 2 would no longer block"
    assert "would no longer block" in done.stdout
    assert gate("policy", "test", "same.yaml", "report.json", cwd=root).stdout == "report.json: FAIL, as before\n"


def test_a_report_is_shown_anew_with_its_verdict(gate: Gate, make_tree: MakeTree) -> None:
    root = make_tree({"Dockerfile": BAD_DOCKERFILE}).root
    gate("run", "--report", "json=report.json", "--report", "csv=first.csv", cwd=root)
    done = gate("report", "report.json", "--report", "csv=again.csv", "--report", "audit=audit.csv", cwd=root)
    assert done.returncode == 1
    assert Path(root, "again.csv").read_bytes() == Path(root, "first.csv").read_bytes()
    assert Path(root, "audit.csv").read_text().startswith("why,by,in,until,severity")
    assert gate("report", "report.json", cwd=root).stdout.rstrip().splitlines()[-1].startswith("FAIL")


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"schema_version": "9.0"}', "\0", "[" * 100_000])
def test_what_is_no_report_is_said(gate: Gate, make_tree: MakeTree, text: str) -> None:
    done = gate("report", "r.json", cwd=make_tree({"r.json": text}).root)
    assert done.returncode == 3
    assert "r.json: cannot be parsed" in done.stderr


def test_the_ratchet_compares_with_the_merge_base(gate: Gate, make_tree: MakeTree) -> None:
    root = make_tree({"Dockerfile": "FROM scratch\n", "gate.yaml": "policy: {ratchet: true}\n"}).root
    for words in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "one"]):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *words], cwd=root, check=True)
    assert gate("run", "--since", "main", cwd=root).returncode == 0
    assert gate("waive", "f" * 32, *WAIVE, cwd=root).returncode == 0
    done = gate("run", "--since", "main", cwd=root)
    assert (done.returncode, "accept 1 finding that they did not accept before" in done.stdout) == (1, True), (
        done.stdout
    )


def test_a_comment_waives_and_is_counted(gate: Gate, make_tree: MakeTree) -> None:
    commented = "# gate: ignore=DL3007,GD* the newest is what we test against\nFROM debian:latest\nUSER 1000\n"
    root = make_tree({"Dockerfile": commented}).root
    gate("run", "--report", "json=report.json", cwd=root)
    report = json.loads(Path(root, "report.json").read_text())
    latest = next(one for one in report["findings"] if one["rule"] == "DL3007")
    assert (latest["status"], latest["decided_by"]) == ("waived", "comment")
    assert report["stages"][0]["facts"]["ignored_by_comment"] >= 1
