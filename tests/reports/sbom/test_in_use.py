"""The answer "in use" in every bill of materials, and no trace of it where nothing was asked."""

import json
from typing import Any

import pytest

from gate.model import Doubt, InUse, Inventory, PackageUse
from gate.reports.sbom.components import parts_of
from gate.reports.sbom.plain import bill_of, statement_on
from tests.reports.sbom.test_bills import (
    READ_AT,
    bill,
    elements,
    package,
    report,
    text,
    validate_cyclonedx,
    validate_spdx,
)

__all__ = ["validate_cyclonedx", "validate_spdx"]

YES = PackageUse(InUse.YES, ("entrypoint", "bin/app"))
NO = PackageUse(InUse.NO, ("none of the 9 files",))
UNKNOWN = PackageUse(InUse.UNKNOWN, ("run.sh:3 starts what is not known",), Doubt.GAP)
PACKAGES = (package("used"), package("unused"), package("doubtful"))


def image(*uses: PackageUse) -> Inventory:
    return Inventory(
        target="archive:a.tar", kind="image", packages=PACKAGES, is_complete=True, read_at=READ_AT, uses=uses
    )


def properties(told: dict[str, Any]) -> dict[str, list[tuple[str, str]]]:
    named = {one["name"]: one["properties"] for one in told["components"]}
    return {
        name: [(each["name"], each["value"]) for each in listed if "in_use" in each["name"]]
        for name, listed in named.items()
    }


@pytest.mark.parametrize("format", ["cyclonedx", "cyclonedx-1.7"])
def test_cyclonedx_has_the_answer_and_each_step_of_its_evidence(format: str, validate_cyclonedx: Any) -> None:
    assert properties(bill(format, image(YES, NO, UNKNOWN))) == {
        "used": [
            ("gate:in_use", "yes"),
            ("gate:in_use_evidence", "entrypoint"),
            ("gate:in_use_evidence", "bin/app"),
        ],
        "unused": [("gate:in_use", "no"), ("gate:in_use_evidence", "none of the 9 files")],
        "doubtful": [
            ("gate:in_use", "unknown"),
            ("gate:in_use_doubt", "gap"),
            ("gate:in_use_evidence", "run.sh:3 starts what is not known"),
        ],
    }
    assert validate_cyclonedx(text(format, image(YES, NO, UNKNOWN))) is None


def test_spdx_has_it_as_an_annotation_by_the_gate(validate_spdx: Any) -> None:
    told = {one["name"]: one for one in bill("spdx", image(YES, NO, UNKNOWN))["packages"]}
    (annotation,) = told["doubtful"]["annotations"]
    stated = json.loads(annotation.pop("comment"))
    assert annotation == {"annotationDate": READ_AT, "annotationType": "OTHER", "annotator": "Tool: gate-1.2.3"}
    assert stated == {
        "gate:in_use": "unknown",
        "gate:in_use_doubt": "gap",
        "gate:in_use_evidence": ["run.sh:3 starts what is not known"],
    }
    assert "annotations" not in told["archive:a.tar"]
    assert validate_spdx(text("spdx", image(YES, NO, UNKNOWN))) == []


def test_spdx_3_has_an_annotation_on_each_package() -> None:
    told = bill("spdx-3", image(YES, NO, UNKNOWN))
    packages = {one["spdxId"]: one["name"] for one in elements(told, "software_Package")}
    said = {packages[one["subject"]]: json.loads(one["statement"]) for one in elements(told, "Annotation")}
    assert {name: one["gate:in_use"] for name, one in said.items()} == {
        "used": "yes",
        "unused": "no",
        "doubtful": "unknown",
    }
    (sbom,) = elements(told, "software_Sbom")
    assert {one["spdxId"] for one in elements(told, "Annotation")} <= set(sbom["element"])


def test_the_gates_own_json_has_it_as_fields() -> None:
    one = report(image(YES, NO, UNKNOWN))
    made = bill_of(parts_of([image(YES, NO, UNKNOWN)]), one.tool)
    packages = {each["name"]: each for each in made["targets"][0]["packages"]}
    assert packages["used"]["in_use_evidence"] == ["entrypoint", "bin/app"]
    assert (packages["doubtful"]["in_use"], packages["doubtful"]["in_use_doubt"]) == ("unknown", "gap")
    assert "in_use" not in bill_of(parts_of([image()]), one.tool)["targets"][0]["packages"][0]


@pytest.mark.parametrize("format", ["cyclonedx", "cyclonedx-1.7", "spdx", "spdx-3"])
def test_where_nothing_was_asked_nothing_is_said_and_the_answer_changes_the_serial_number(format: str) -> None:
    assert "in_use" not in text(format, image())
    assert text(format, image(YES, YES, YES)) != text(format, image(YES, YES, NO))
    names = {"cyclonedx": "serialNumber", "spdx": "documentNamespace"}
    if format in names:
        said = [bill(format, image(*uses))[names[format]] for uses in ((), (YES, YES, YES), (YES, YES, NO))]
        assert len(set(said)) == 3


@pytest.mark.parametrize(
    ("uses", "strongest"), [((NO, YES), "yes"), ((UNKNOWN, NO), "unknown"), ((NO, NO), "no"), ((UNKNOWN, YES), "yes")]
)
def test_of_a_package_in_two_places_the_one_that_is_used_counts(uses: tuple[PackageUse, ...], strongest: str) -> None:
    twice = (package("twice", path="a/package.json"), package("twice", path="b/package.json"))
    one = Inventory(target="a", kind="image", packages=twice, is_complete=True, read_at=READ_AT, uses=uses)
    ((component,),) = (part.components for part in parts_of([one]))
    assert component.use is not None
    assert component.use.in_use.value == strongest


def test_a_statement_is_one_line_of_json_whatever_the_evidence_holds() -> None:
    hostile = PackageUse(InUse.YES, ('a"b\nc\udc80',))
    assert "\n" not in statement_on(hostile)
    assert json.loads(statement_on(hostile))["gate:in_use"] == "yes"
