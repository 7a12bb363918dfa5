"""Packages of distributions in bills: what is installed is listed, findings on the source package are about it."""

import io
import json
from typing import Any

import msgspec
import pytest

from gate.inventory.lockfiles import sbom
from gate.model import (
    BinaryPackage,
    Finding,
    Inventory,
    Location,
    Package,
    Report,
    Severity,
    Tool,
    Verdict,
    VerdictStatus,
    Vulnerability,
)
from gate.reports import load_format
from gate.trees import open_tree

BUILT = tuple(
    BinaryPackage(name=name, version="3.1-r5", purl=f"pkg:apk/alpine/{name}@3.1-r5?distro=alpine-3.19{upstream}")
    for name, upstream in (("libssl3", "&upstream=openssl"), ("openssl", ""))
)
OPENSSL = Package(
    name="openssl",
    version="3.1-r5",
    ecosystem="Alpine:v3.19",
    purl="pkg:apk/alpine/openssl@3.1-r5?arch=source&distro=alpine-3.19",
    path="lib/apk/db/installed",
    binaries=BUILT,
)


def bill(format: str, *findings: Finding) -> Any:
    inventory = Inventory(
        target="shop", kind="image", packages=(OPENSSL,), is_complete=True, read_at="2026-11-24T12:00:00Z"
    )
    report = Report(
        tool=Tool(name="gate", version="1"),
        verdict=Verdict(status=VerdictStatus.PASS),
        stages=(),
        findings=findings,
        packages=1,
        inventories=(inventory,),
    )
    stream = io.StringIO()
    load_format(format).write(report, stream)
    return json.loads(stream.getvalue())


def test_cyclonedx_lists_what_is_installed_and_names_its_source() -> None:
    listed = bill("cyclonedx")["components"]
    assert [(one["name"], one["version"], one["purl"]) for one in listed] == [
        ("libssl3", "3.1-r5", BUILT[0].purl),
        ("openssl", "3.1-r5", BUILT[1].purl),
    ]
    properties = [{one["name"]: one["value"] for one in component["properties"]} for component in listed]
    assert [one.get("gate:source") for one in properties] == ["openssl 3.1-r5", None]


def test_spdx_lists_what_is_installed_and_names_its_source() -> None:
    _, libssl, openssl = bill("spdx")["packages"]
    assert (libssl["name"], libssl["sourceInfo"]) == (
        "libssl3",
        "built of openssl 3.1-r5; stated by lib/apk/db/installed",
    )
    assert openssl["sourceInfo"] == "stated by lib/apk/db/installed"


def test_a_vulnerability_of_the_source_is_one_entry_that_affects_all_that_was_built_of_it() -> None:
    finding = Finding(
        fingerprint="0" * 64,
        stage="image",
        rule="CVE-2026-1",
        severity=Severity.HIGH,
        title="t",
        message="m",
        location=Location(target="shop", path=OPENSSL.path),
        package=OPENSSL,
        vulnerability=Vulnerability(id="CVE-2026-1"),
    )
    document = bill("cyclonedx", finding)
    (entry,) = document["vulnerabilities"]
    assert [one["ref"] for one in entry["affects"]] == [one["bom-ref"] for one in document["components"]]


@pytest.mark.parametrize("format", ["cyclonedx", "spdx"])
def test_a_bill_that_is_read_again_is_judged_by_the_source(make_tree: Any, format: str) -> None:
    tree = open_tree(make_tree({"sbom.json": json.dumps(bill(format))}))
    packages = sbom.read(tree, "sbom.json").packages
    assert {(one.ecosystem, one.name, one.version) for one in packages} == {("Alpine:v3.19", "openssl", "3.1-r5")}
    assert [one.purl for package in packages for one in package.binaries] == [one.purl for one in BUILT]
    assert msgspec.json.encode(packages)
