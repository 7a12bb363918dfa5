"""SARIF as GitHub's code scanning takes it."""

import io
import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

import gate.reports.sarif as sarif_format
from gate.model import Confidence, Finding, Location, Report, RuleDescription, Severity

SUDO = RuleDescription(
    id="DL3004",
    stage="dockerfile",
    severity=Severity.HIGH,
    title="sudo in an image",
    why="sudo gives every process more than it needs.",
    mend="Drop `sudo`.",
    references=("CWE-250",),
    bad="RUN sudo true",
    good="RUN true",
)


def runs(report: Report) -> dict[str, dict[str, Any]]:
    stream = io.StringIO()
    sarif_format.write(report, stream)
    return {run["automationDetails"]["id"]: run for run in json.loads(stream.getvalue())["runs"]}


def results(report: Report) -> list[dict[str, Any]]:
    return [result for run in runs(report).values() for result in run["results"]]


def rules(report: Report) -> dict[str, dict[str, Any]]:
    return {rule["id"]: rule for run in runs(report).values() for rule in run["tool"]["driver"]["rules"]}


def notifications(run: dict[str, Any]) -> list[str]:
    (invocation,) = run["invocations"]
    return [one["message"]["text"] for one in invocation["toolExecutionNotifications"]]


def test_each_stage_is_a_run_whose_category_ends_in_a_slash(everyday: Report) -> None:
    assert list(runs(everyday)) == [
        "gate/dockerfile/",
        "gate/secrets/",
        "gate/dependencies/",
        "gate/image/",
        "gate/kubernetes/",
    ]


def test_a_report_without_stages_is_one_run(make_report: Callable[..., Report]) -> None:
    assert list(runs(make_report([], {}))) == ["gate/gate/"]


def test_every_finding_is_one_result_that_names_its_rule_place_and_fingerprint(everyday: Report) -> None:
    for run in runs(everyday).values():
        described = run["tool"]["driver"]["rules"]
        assert all(described[one["ruleIndex"]]["id"] == one["ruleId"] for one in run["results"])
    assert {one["partialFingerprints"]["gate/v1"] for one in results(everyday)} == {
        one.fingerprint for one in everyday.findings
    }
    worst = runs(everyday)["gate/dependencies/"]["results"][0]
    assert worst["level"] == "error"
    assert worst["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "web/package-lock.json", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 34, "startColumn": 1, "endLine": 34, "endColumn": 1},
    }


def test_what_github_compares_names_the_problem_and_not_its_line(
    make_report: Callable[..., Report], make_finding: Callable[..., Finding]
) -> None:
    finding = make_finding("secrets", "R", Severity.LOW)
    moved = msgspec.structs.replace(finding, location=Location(target="t", path="Dockerfile", line=99))
    named = [results(make_report([one], {"secrets": {}}))[0]["partialFingerprints"] for one in (finding, moved)]
    assert named[0]["primaryLocationLineHash"] == named[1]["primaryLocationLineHash"] == f"{finding.fingerprint}:1"


@pytest.mark.parametrize(
    ("where", "region"),
    [
        ({}, (1, 1, 1, 1)),
        ({"line": 3}, (3, 1, 3, 1)),
        ({"line": 3, "column": 5}, (3, 5, 3, 5)),
        ({"line": 3, "end_line": 6}, (3, 1, 6, 1)),
        ({"line": 3, "end_line": 3, "column": 5, "end_column": 9}, (3, 5, 3, 9)),
    ],
)
def test_a_region_is_whole(
    make_report: Callable[..., Report],
    make_finding: Callable[..., Finding],
    where: dict[str, int],
    region: tuple[int, ...],
) -> None:
    finding = make_finding("secrets", "R", Severity.LOW, location=Location(target="t", path="f", **where))
    (result,) = results(make_report([finding], {"secrets": {}}))
    written = result["locations"][0]["physicalLocation"]["region"]
    assert tuple(written[name] for name in ("startLine", "startColumn", "endLine", "endColumn")) == region


def test_scores_are_the_cvss_or_follow_the_severity(everyday: Report) -> None:
    scores = {name: rule["properties"]["security-severity"] for name, rule in rules(everyday).items()}
    assert scores["GHSA-35jh-r3h4-6jhm"] == "9.8"
    assert scores["DL3004"] == "8.0"


def test_a_rule_says_what_its_stage_says_of_it(everyday: Report) -> None:
    rule = rules(msgspec.structs.replace(everyday, rules=(SUDO,)))["DL3004"]
    assert rule["shortDescription"]["text"] == "sudo in an image"
    assert rule["fullDescription"]["text"] == "sudo gives every process more than it needs."
    assert rule["help"]["text"] == "sudo gives every process more than it needs. Drop `sudo`."
    assert "**Fix:** Drop" in rule["help"]["markdown"]
    assert "    RUN sudo true" in rule["help"]["markdown"]
    assert rule["properties"]["tags"] == ["security", "dockerfile", "external/cwe/cwe-250"]


def test_a_rule_without_description_takes_the_words_of_its_worst_finding(everyday: Report) -> None:
    rule = rules(everyday)["GHSA-p6mc-m468-83gw"]
    assert rule["shortDescription"]["text"] == "lodash 4.17.15: Prototype pollution"
    assert rule["help"]["text"] == "Update lodash from 4.17.15 to 4.17.21."
    assert "CVE-2020-8203" in rule["help"]["markdown"]
    assert rule["helpUri"] == "https://osv.dev/vulnerability/GHSA-p6mc-m468-83gw"


def test_precision_is_the_confidence(make_report: Callable[..., Report], make_finding: Callable[..., Finding]) -> None:
    finding = make_finding("secrets", "R", Severity.LOW, confidence=Confidence.MEDIUM)
    assert rules(make_report([finding], {"secrets": {}}))["R"]["properties"]["precision"] == "medium"


def test_what_is_waived_and_nothing_else_is_suppressed(everyday: Report) -> None:
    suppressed = [one for one in results(everyday) if "suppressions" in one]
    assert [one["ruleId"] for one in suppressed] == ["DL3007"]
    assert suppressed[0]["suppressions"][0]["justification"] == "waived by waiver"


def test_only_the_stage_that_could_not_finish_was_not_successful(everyday: Report) -> None:
    successful = {name: run["invocations"][0]["executionSuccessful"] for name, run in runs(everyday).items()}
    assert [name for name, is_successful in successful.items() if not is_successful] == ["gate/dependencies/"]
    assert "api/poetry.lock" in notifications(runs(everyday)["gate/dependencies/"])[0]


def test_a_finding_in_several_places_names_them_all(
    make_report: Callable[..., Report], make_finding: Callable[..., Finding]
) -> None:
    again = Location(target="t", path="copy.env", line=2)
    (result,) = results(make_report([make_finding("secrets", "R", Severity.LOW, places=(again,))], {"secrets": {}}))
    assert result["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "copy.env"


def test_paths_are_uris(make_report: Callable[..., Report], make_finding: Callable[..., Finding]) -> None:
    finding = make_finding("secrets", "R", Severity.LOW, location=Location(target="t", path="a b/c:d#é\udc80?"))
    (result,) = results(make_report([finding], {"secrets": {}}))
    artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact["uri"] == "a%20b/c%3Ad%23%C3%A9%5Cudc80%3F"


def test_messages_hold_no_link_of_somebody_else(
    make_report: Callable[..., Report], make_finding: Callable[..., Finding]
) -> None:
    finding = make_finding("secrets", "R", Severity.LOW, message="[click](https://packages.example/)")
    (result,) = results(make_report([finding], {"secrets": {}}))
    assert "](" not in result["message"]["text"]


def many(make_finding: Callable[..., Finding], number: int, stage: str = "secrets") -> list[Finding]:
    mild = [make_finding(stage, f"R{one}", Severity.LOW, message=f"{one}") for one in range(number - 1)]
    return [*mild, make_finding(stage, "WORST", Severity.CRITICAL)]


def test_of_too_many_results_the_worst_are_kept_and_the_rest_is_counted(
    make_report: Callable[..., Report], make_finding: Callable[..., Finding], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sarif_format, "MOST_RESULTS", 3)
    run = runs(make_report(many(make_finding, 10), {"secrets": {}}))["gate/secrets/"]
    assert (len(run["results"]), run["results"][0]["ruleId"]) == (3, "WORST")
    assert len(run["tool"]["driver"]["rules"]) == 3
    assert notifications(run) == ["7 findings more than GitHub takes: the worst 3 of 10 are here."]


def test_a_file_that_would_be_too_large_holds_fewer_results(
    make_report: Callable[..., Report], make_finding: Callable[..., Finding], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sarif_format, "MOST_BYTES", 3_000)
    monkeypatch.setattr(sarif_format, "MOST_RESULTS", 100)
    run = runs(make_report(many(make_finding, 100), {"secrets": {}}))["gate/secrets/"]
    assert 0 < len(run["results"]) < 100
    assert run["results"][0]["ruleId"] == "WORST"
    assert f"the worst {len(run['results'])} of 100 are here" in notifications(run)[0]


def test_more_stages_than_runs_share_the_last_one(
    make_report: Callable[..., Report], make_finding: Callable[..., Finding]
) -> None:
    names = [f"stage{number}" for number in range(25)]
    findings = [make_finding(name, "R", Severity.LOW) for name in names]
    written = runs(make_report(findings, {name: {} for name in names}))
    assert len(written) == 20
    assert len(written["gate/other-stages/"]["results"]) == 6
