"""The small formats: csv, gitlab-code-quality, sarif."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from gate.model import Finding, Location, Report, Severity, Status
from gate.reports import load_format


def written(name: str, report: Report) -> str:
    stream = io.StringIO()
    load_format(name).write(report, stream)
    return stream.getvalue()


def rows(report: Report) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written("csv", report), newline="")))


def sarif(report: Report) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(written("sarif", report))
    return log["runs"][0]  # type: ignore[no-any-return]


def test_csv_has_a_line_a_finding_worst_first(everyday: Report) -> None:
    lines = rows(everyday)
    assert len(lines) == len(everyday.findings)
    assert (lines[0]["rule"], lines[0]["fixed_versions"]) == ("GHSA-35jh-r3h4-6jhm", "4.17.21")
    assert {line["stage"] for line in lines} == {"dockerfile", "secrets", "dependencies", "image"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "=cmd|' /C calc'!A0"])
def test_no_csv_cell_is_a_formula(
    start: str, make_report: Callable[..., Report], make_finding: Callable[..., Finding]
) -> None:
    finding = make_finding("secrets", start, Severity.LOW, title=start, location=Location(target=start, path=start))
    (line,) = rows(make_report([finding], {"secrets": {}}))
    assert line["rule"] == line["title"] == line["path"] == line["target"] == f"'{start}"


def test_code_quality_lists_what_has_a_file_and_is_not_set_aside(everyday: Report) -> None:
    issues = json.loads(written("gitlab-code-quality", everyday))
    expected = [one for one in everyday.findings if one.location.path and one.status is not Status.WAIVED]
    assert {issue["fingerprint"] for issue in issues} == {one.fingerprint for one in expected}
    assert issues[0]["severity"] == "blocker"
    assert issues[0]["location"] == {"path": "web/package-lock.json", "lines": {"begin": 34}}
    assert set(issues[0]) >= {"description", "check_name", "fingerprint", "severity", "location"}


def test_code_quality_fingerprints_are_unique(
    make_report: Callable[..., Report], make_finding: Callable[..., Finding]
) -> None:
    finding = make_finding("secrets", "R", Severity.LOW)
    again = msgspec.structs.replace(finding, location=Location(target="other", path="Dockerfile", line=3))
    issues = json.loads(written("gitlab-code-quality", make_report([finding, again], {"secrets": {}})))
    assert [issue["fingerprint"] for issue in issues] == [finding.fingerprint, f"{finding.fingerprint}-2"]


def test_sarif_results_name_their_rule_place_and_fingerprint(everyday: Report) -> None:
    run = sarif(everyday)
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted({one.rule for one in everyday.findings})
    assert all(rules[one["ruleIndex"]]["id"] == one["ruleId"] for one in run["results"])
    worst = run["results"][0]
    assert worst["level"] == "error"
    assert worst["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "web/package-lock.json", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 34},
    }
    assert {one["partialFingerprints"]["gate/v1"] for one in run["results"]} == {
        one.fingerprint for one in everyday.findings
    }


def test_sarif_scores_are_the_cvss_or_follow_the_severity(everyday: Report) -> None:
    scores = {
        rule["id"]: rule["properties"]["security-severity"] for rule in sarif(everyday)["tool"]["driver"]["rules"]
    }
    assert scores["GHSA-35jh-r3h4-6jhm"] == "9.8"
    assert scores["DL3004"] == "8.0"


def test_sarif_suppresses_what_is_waived_and_nothing_else(everyday: Report) -> None:
    suppressed = [one for one in sarif(everyday)["results"] if "suppressions" in one]
    assert [one["ruleId"] for one in suppressed] == ["DL3007"]
    assert suppressed[0]["suppressions"][0]["justification"] == "waived by waiver"


def test_sarif_says_that_an_incomplete_run_was_not_successful(everyday: Report) -> None:
    (invocation,) = sarif(everyday)["invocations"]
    assert invocation["executionSuccessful"] is False
    assert "api/poetry.lock" in invocation["toolExecutionNotifications"][0]["message"]["text"]


def test_sarif_paths_are_uris(make_report: Callable[..., Report], make_finding: Callable[..., Finding]) -> None:
    finding = make_finding("secrets", "R", Severity.LOW, location=Location(target="t", path="a b/c:d#é\udc80?"))
    (result,) = sarif(make_report([finding], {"secrets": {}}))["results"]
    artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact["uri"] == "a%20b/c%3Ad%23%C3%A9%5Cudc80%3F"


def test_sarif_messages_hold_no_link_of_somebody_else(
    make_report: Callable[..., Report], make_finding: Callable[..., Finding]
) -> None:
    finding = make_finding("secrets", "R", Severity.LOW, message="[click](https://packages.example/)")
    (result,) = sarif(make_report([finding], {"secrets": {}}))["results"]
    assert "](" not in result["message"]["text"]
