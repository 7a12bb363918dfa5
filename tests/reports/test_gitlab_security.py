"""GitLab's security reports: each finding in one of them at most, by GitLab's own schemas."""

import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gate.model import Finding, Input, Location, Report, Severity, StageError, StageStatus, Status
from gate.reports import load_format

NAMES = ("secret-detection", "dependency-scanning", "container-scanning", "sast")


def written(name: str, report: Report) -> dict[str, Any]:
    stream = io.StringIO()
    load_format(f"gitlab-{name}").write(report, stream)
    return dict(json.loads(stream.getvalue()))


def taken(name: str, report: Report) -> set[str]:
    return {one["details"]["fingerprint"]["value"] for one in written(name, report)["vulnerabilities"]}


@pytest.mark.parametrize("name", NAMES)
def test_it_is_as_gitlabs_schema_says(name: str, everyday: Report, hostile_report: Report, jsonschema: Any) -> None:
    folder = os.environ.get("GATE_SCHEMAS")
    if not folder:
        pytest.skip("GitLab's schemas are not here (GATE_SCHEMAS)")
    schema = json.loads((Path(folder) / "gitlab-15.2.1" / f"{name}-report-format.json").read_text())
    for report in (everyday, hostile_report):
        document = written(name, report)
        jsonschema.Draft7Validator(schema).validate(document)
        assert document["version"] == "15.2.1"


def test_each_finding_is_in_one_report_at_most(everyday: Report) -> None:
    found = [taken(name, everyday) for name in NAMES]
    assert sum(map(len, found)) == len(set().union(*found))
    standing = {one.fingerprint for one in everyday.findings if one.status in (Status.NEW, Status.EXISTING)}
    left_out = [one for one in everyday.findings if one.fingerprint in standing - set().union(*found)]
    assert all(one.stage == "image" and one.package is None for one in left_out)


def test_a_secret_names_the_commit_that_holds_it_or_the_one_that_was_judged(
    make_report: Callable[..., Report], everyday: Report
) -> None:
    secret = next(one for one in everyday.findings if one.secret)
    in_commit = msgspec.structs.replace(secret, location=Location(target="t", path="a", line=2, commit="c" * 40))
    in_tree = msgspec.structs.replace(secret, location=Location(target="t", path="b", line=3))
    report = make_report([in_commit, in_tree], {"secrets": {}})
    judged = msgspec.structs.replace(report, inputs=(Input(target="t", digests={"gitCommit": "d" * 40}),))
    shas = [one["location"]["commit"]["sha"] for one in written("secret-detection", judged)["vulnerabilities"]]
    assert shas == ["c" * 40, "d" * 40]
    assert written("secret-detection", report)["vulnerabilities"][1]["location"]["commit"]["sha"] == "0000000"
    assert "raw_source_code_extract" not in json.dumps(written("secret-detection", judged))


def test_a_vulnerability_keeps_its_id_from_run_to_run_and_has_its_aliases(everyday: Report) -> None:
    first, again = (written("dependency-scanning", everyday)["vulnerabilities"] for _ in range(2))
    assert [one["id"] for one in first] == [one["id"] for one in again]
    assert len({one["id"] for one in first}) == len(first)
    kinds = {identifier["type"] for one in first for identifier in one["identifiers"]}
    assert kinds >= {"ghsa"}


def test_what_could_not_be_done_is_a_failed_scan_with_its_message(make_report: Callable[..., Report]) -> None:
    error = StageError(title="cannot be parsed", message="Mend it", path="a.lock", target="shop")
    report = make_report([], {"dependencies": {"status": StageStatus.ERROR, "errors": (error,)}})
    scan = written("dependency-scanning", report)["scan"]
    assert scan["status"] == "failure"
    assert scan["messages"] == [
        {"level": "fatal", "value": "dependencies: a.lock: cannot be parsed: Mend it (in shop)"}
    ]


def test_times_have_no_zone(everyday: Report) -> None:
    assert written("sast", everyday)["scan"]["start_time"] == "2026-11-24T12:00:00"


def test_what_was_waived_is_left_out(make_report: Callable[..., Report], make_finding: Callable[..., Finding]) -> None:
    waived = make_finding("dockerfile", "DL3007", Severity.HIGH, status=Status.WAIVED)
    assert written("sast", make_report([waived], {"dockerfile": {}}))["vulnerabilities"] == []
