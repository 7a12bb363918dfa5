"""The bill of materials with what is known against its components."""

import io
import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from gate.model import Finding, InUse, Inventory, Location, Report, Status
from gate.reports.cyclonedx import write


def written(report: Report) -> dict[str, Any]:
    # Not for each process that collects: what checks JSON schemas builds 38 parsers, which takes three seconds.
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    stream = io.StringIO()
    write(report, stream)
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(stream.getvalue()) is None
    return json.loads(stream.getvalue())  # type: ignore[no-any-return]


@pytest.fixture
def bill_with(everyday: Report) -> Callable[..., dict[str, Any]]:
    """Return a function from findings to the bill of a target that holds their packages."""

    def make(*findings: Finding) -> dict[str, Any]:
        packages = tuple(dict.fromkeys(one.package for one in findings if one.package))
        inventory = Inventory(
            target="storefront", kind="tree", packages=packages, is_complete=True, read_at="2026-11-24T12:00:00+00:00"
        )
        return written(msgspec.structs.replace(everyday, findings=findings, inventories=(inventory,)))

    return make


@pytest.fixture
def vulnerable(everyday: Report) -> Finding:
    return next(one for one in everyday.findings if one.rule == "GHSA-p6mc-m468-83gw")


def test_a_vulnerability_names_what_it_affects_and_how_to_mend_it(
    bill_with: Callable[..., dict[str, Any]], vulnerable: Finding
) -> None:
    bill = bill_with(vulnerable)
    (known,) = bill["vulnerabilities"]
    assert (known["id"], known["recommendation"]) == ("GHSA-p6mc-m468-83gw", "Update lodash from 4.17.15 to 4.17.21.")
    assert known["ratings"] == [{"severity": "high", "score": 7.4}]
    assert known["references"] == [{"id": "CVE-2020-8203", "source": {"name": "CVE"}}]
    assert known["affects"] == [{"ref": bill["components"][0]["bom-ref"]}]
    assert "analysis" not in known


@pytest.mark.parametrize(
    ("parts", "analysis"),
    [
        (
            {"in_use": InUse.NO, "in_use_evidence": ("no path leads to it",)},
            {"state": "not_affected", "justification": "code_not_reachable", "detail": "no path leads to it"},
        ),
        (
            {"status": Status.IGNORED, "vex": "not built (vex.json)"},
            {"state": "not_affected", "detail": "not built (vex.json)"},
        ),
        (
            {"status": Status.WAIVED, "decided_by": "waiver"},
            {"state": "exploitable", "response": ["will_not_fix"], "detail": "Accepted (waived)."},
        ),
    ],
)
def test_what_was_set_aside_says_why(
    bill_with: Callable[..., dict[str, Any]], vulnerable: Finding, parts: dict[str, Any], analysis: dict[str, Any]
) -> None:
    (known,) = bill_with(msgspec.structs.replace(vulnerable, **parts))["vulnerabilities"]
    assert known["analysis"] == analysis


def test_the_same_vulnerability_under_two_judgements_is_two_entries(
    bill_with: Callable[..., dict[str, Any]], vulnerable: Finding
) -> None:
    waived = msgspec.structs.replace(vulnerable, status=Status.WAIVED, blocking=False, fingerprint="0" * 32)
    entries = bill_with(vulnerable, waived)["vulnerabilities"]
    assert [(one["id"], "analysis" in one) for one in entries] == [(vulnerable.rule, False), (vulnerable.rule, True)]


def test_a_package_that_the_bill_does_not_list_affects_nothing_in_it(
    bill_with: Callable[..., dict[str, Any]], vulnerable: Finding
) -> None:
    elsewhere = msgspec.structs.replace(vulnerable, location=Location(target="another"))
    (known,) = bill_with(elsewhere)["vulnerabilities"]
    assert "affects" not in known


def test_the_serial_number_names_what_is_known_too(
    bill_with: Callable[..., dict[str, Any]], vulnerable: Finding
) -> None:
    waived = msgspec.structs.replace(vulnerable, status=Status.WAIVED)
    one, two, again = (bill_with(finding)["serialNumber"] for finding in (vulnerable, waived, vulnerable))
    assert one == again != two


def test_hostile_texts_make_a_valid_bill(hostile_report: Report) -> None:
    assert len(written(msgspec.structs.replace(hostile_report, inventories=()))["vulnerabilities"]) == 1
