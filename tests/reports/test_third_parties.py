"""Third parties of pipelines in reports: the table of the page, services of CycloneDX.

`gate/reports/third_parties.py` and `gate/reports/sbom/services.py`.
"""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from gate.model import Inventory, PipelineParty, Report, Tool, Verdict, VerdictStatus
from gate.reports import load_format
from gate.reports.third_parties import party_rows

ORB = PipelineParty(
    kind="orb", name="team/tools", reference="1", receives=("code",), owner="team", path="c.yml", line=3
)
AGAIN = PipelineParty(
    kind="orb", name="team/tools", reference="1", receives=("secrets",), owner="team", path="d", line=4
)
NPM = PipelineParty(kind="upload", name="npm <registry>", receives=("artifacts",), path="c.yml", line=9)


@pytest.fixture
def report(make_report: Callable[..., Report]) -> Report:
    facts = {"third_parties": [ORB.text, NPM.text, "and 3 more"], "third_parties_added": [NPM.text]}
    return make_report([], {"ci": {"facts": facts}})


def test_what_a_change_adds_comes_first(report: Report) -> None:
    assert [(row.name, row.is_added) for row in party_rows(report)] == [("npm <registry>", True), ("team/tools", False)]


def test_the_page_has_them_as_a_table(report: Report) -> None:
    stream = io.StringIO()
    load_format("html").write(report, stream)
    page = stream.getvalue()
    assert "Third parties of the pipelines" in page
    assert 'npm &lt;registry&gt; <span class="state">added</span>' in page


def test_a_page_without_pipelines_has_no_table(make_report: Callable[..., Report]) -> None:
    stream = io.StringIO()
    load_format("html").write(make_report([], {}), stream)
    assert "Third parties of the pipelines" not in stream.getvalue()


def bill(format: str) -> dict[str, Any]:
    inventory = Inventory(
        target="shop",
        kind="tree",
        packages=(),
        is_complete=True,
        read_at="2026-11-24T12:00:00Z",
        third_parties=(ORB, NPM, AGAIN),
    )
    listed = Report(
        tool=Tool(name="gate", version="1"),
        verdict=Verdict(status=VerdictStatus.PASS),
        stages=(),
        findings=(),
        packages=0,
        inventories=(inventory,),
    )
    stream = io.StringIO()
    load_format(format).write(listed, stream)
    return dict(json.loads(stream.getvalue()))


def test_they_are_services_of_cyclonedx_each_once() -> None:
    services = bill("cyclonedx")["services"]
    assert [(one["name"], one.get("version")) for one in services] == [("team/tools", "1"), ("npm <registry>", None)]
    assert services[0]["provider"] == {"name": "team"}
    assert [one["classification"] for one in services[0]["data"]] == ["source code", "secrets"]
    assert {"name": "gate:place", "value": "d:4"} in services[0]["properties"]


@pytest.mark.parametrize("format", ["cyclonedx", "cyclonedx-1.7"])
def test_the_bill_is_valid_by_the_formats_schema(format: str) -> None:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    version = SchemaVersion.V1_7 if format.endswith("1.7") else SchemaVersion.V1_6
    assert JsonStrictValidator(version).validate_str(json.dumps(bill(format))) is None
