import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gate.core.json_text import json_utf8
from gate.model import (
    Edit,
    Finding,
    Fix,
    Location,
    Package,
    Reason,
    Report,
    Secret,
    Severity,
    StageError,
    StageSummary,
    Verdict,
    VerdictStatus,
    Vulnerability,
)
from gate.reports.json import write
from gate.reports.schema import report_schema
from gate.settings.schema import settings_schema


def written(report: Report) -> str:
    stream = io.StringIO()
    write(report, stream)
    return stream.getvalue()


def test_the_report_has_the_shape_that_the_design_promises(everyday: Report) -> None:
    report = json.loads(written(everyday))
    assert {"schema_version", "tool", "verdict", "stages", "findings", "packages"} <= set(report)
    assert report["schema_version"] == "1.0"
    assert report["tool"] == {"name": "gate", "version": "0.1.0"}
    assert report["verdict"]["status"] == "incomplete"
    assert set(report["verdict"]["reasons"][0]) == {"rule", "message", "fingerprints"}
    assert report["stages"][0]["counts"] == {"critical": 0, "high": 10, "medium": 2, "low": 0, "info": 1}
    assert report["stages"][2]["errors"][0]["path"] == "api/poetry.lock"
    worst = report["findings"][0]
    assert worst["package"]["purl"] == "pkg:npm/lodash@4.17.15"
    assert worst["vulnerability"]["known_exploited"] is True
    assert worst["location"] == {
        "target": "storefront",
        "path": "web/package-lock.json",
        "line": 34,
        "end_line": None,
        "column": None,
        "end_column": None,
        "layer": None,
        "commit": None,
    }
    assert worst["secret"] is None


def test_findings_stand_worst_first_and_in_the_same_order_whatever_the_order_they_came_in(everyday: Report) -> None:
    backwards = msgspec.structs.replace(everyday, findings=everyday.findings[::-1])
    assert written(backwards) == written(everyday)
    found = json.loads(written(everyday))["findings"]
    blocking = [finding["blocking"] for finding in found]
    assert blocking == sorted(blocking, reverse=True)
    assert found[0]["severity"] == "critical"


def test_the_report_reads_back_as_it_was(everyday: Report) -> None:
    again = msgspec.json.decode(written(everyday), type=Report)
    assert set(again.findings) == set(everyday.findings)
    assert again.verdict == everyday.verdict


@pytest.mark.parametrize("name", ["everyday", "hostile_report"])
def test_reports_fulfil_the_published_schema(name: str, request: pytest.FixtureRequest, jsonschema: Any) -> None:
    schema = report_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(json.loads(written(request.getfixturevalue(name))))


@pytest.mark.parametrize(
    ("schema", "name"),
    [
        (report_schema, "urn:security-gate:schema:report:1.0"),
        (settings_schema, "urn:security-gate:schema:gate.yaml"),
    ],
)
def test_other_schemas_refer_to_ours_by_name(schema: Callable[[], dict[str, Any]], name: str, jsonschema: Any) -> None:
    referencing = pytest.importorskip("referencing")
    known = referencing.Registry().with_resource(name, referencing.Resource.from_contents(schema()))
    assert known[name].id() == name
    other = jsonschema.Draft202012Validator({"$ref": name}, registry=known)
    assert not other.is_valid([])


@pytest.mark.parametrize(
    ("broken", "value"), [(("verdict", "status"), "maybe"), (("findings", 0, "severity"), "bad"), (("packages",), "1")]
)
def test_the_schema_refuses_what_no_report_says(
    everyday: Report, broken: tuple[Any, ...], value: str, jsonschema: Any
) -> None:
    report = json.loads(written(everyday))
    part = report
    for key in broken[:-1]:
        part = part[key]
    part[broken[-1]] = value
    assert not jsonschema.Draft202012Validator(report_schema()).is_valid(report)


def test_hostile_text_is_kept_but_harmless_on_a_terminal(hostile_report: Report, hostile: str) -> None:
    text = written(hostile_report)
    text.encode("utf-8")
    assert not any(one in text for one in "\x1b\x9b\u202e\x00")
    assert json.loads(text)["findings"][0]["title"] == hostile.replace("\udc80", "\\udc80")


def test_an_empty_report_is_whole(make_report: Callable[..., Report]) -> None:
    report = json.loads(written(make_report([], {"secrets": {}})))
    assert report["findings"] == []
    assert report["verdict"] == {"status": VerdictStatus.PASS.value, "reasons": [], "notices": [], "waivers": []}


def test_ten_thousand_findings_are_all_written(
    make_report: Callable[..., Report], make_finding: Callable[..., Finding]
) -> None:
    findings = [make_finding("secrets", f"R{number}", Severity.LOW) for number in range(10_000)]
    assert len(json.loads(written(make_report(findings, {"secrets": {}})))["findings"]) == 10_000


def test_what_is_too_long_to_be_read_is_not_indented() -> None:
    short, long = ["a", "b"], ["x" * 100] * 50_000
    assert json_utf8(short) == b'[\n  "a",\n  "b"\n]\n'
    assert (json_utf8(long).count(b"\n"), json.loads(json_utf8(long))) == (1, long)


@pytest.mark.parametrize(
    "part",
    [Report, Verdict, Reason, StageSummary, StageError, Finding, Location, Package, Vulnerability, Secret, Fix, Edit],
)
def test_every_field_is_documented(part: type[msgspec.Struct]) -> None:
    text = (Path(__file__).parents[2] / "docs" / "reference" / "json-report.md").read_text()
    assert [name for name in part.__struct_fields__ if f"`{name}`" not in text and f'"{name}"' not in text] == []
