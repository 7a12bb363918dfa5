"""The small formats: csv, gitlab-code-quality."""

import csv
import io
import json
from collections.abc import Callable

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
