"""Bills of materials: valid by the formats' own schemas, whatever the packages are called; who needs whom; the same."""

import io
import json
import warnings
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.core.errors import GateError
from gate.inventory.discovery import read_lockfile
from gate.model import Inventory, Package, Report, Scope, Tool, Tree, Verdict, VerdictStatus
from gate.reports import FORMATS, load_format
from gate.reports.sbom.components import parts_of
from gate.reports.sbom.licenses import spdx_expression

READ_AT = "2026-11-24T12:00:00Z"


def package(name: str, version: str = "1.0.0", **more: Any) -> Package:
    return Package(name=name, version=version, ecosystem="npm", purl=f"pkg:npm/{name}@{version}", **more)


def inventory(*packages: Package, target: str = "shop", kind: str = "tree", **more: Any) -> Inventory:
    return Inventory(target=target, kind=kind, packages=packages, **{"is_complete": True, "read_at": READ_AT, **more})


def report(*inventories: Inventory) -> Report:
    return Report(
        tool=Tool(name="gate", version="1.2.3"),
        verdict=Verdict(status=VerdictStatus.PASS),
        stages=(),
        findings=(),
        packages=0,
        inventories=inventories,
    )


def text(format: str, *inventories: Inventory) -> str:
    stream = io.StringIO()
    load_format(format).write(report(*inventories), stream)
    return stream.getvalue()


def bill(format: str, *inventories: Inventory) -> dict[str, Any]:
    return dict(json.loads(text(format, *inventories)))


LOCK = (
    package("web", direct=True, path="package-lock.json", line=7, license="MIT"),
    package("tools", direct=True, path="package-lock.json", line=8, scope=Scope.DEVELOPMENT, license="see the file"),
    package("tools", direct=True, path="other/package-lock.json", line=3, scope=Scope.DEVELOPMENT),
    package("inner", direct=False, via=("web",), path="package-lock.json", line=9),
    package("deep", direct=False, via=("web", "inner"), path="package-lock.json", line=10),
    package("deep", "2.0.0", direct=False, via=("tools",), path="package-lock.json", line=11),
    package("below", direct=False, via=("web", "inner", "deep"), path="package-lock.json", line=12),
    package("orphan", direct=False, path="package-lock.json", line=13),
)
BOTH = (inventory(*LOCK), inventory(package("a"), target="archive:shop.tar", kind="image", is_complete=False))


@pytest.fixture(scope="module")
def validate_cyclonedx() -> Any:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    validators = {
        version.to_version(): JsonStrictValidator(version) for version in (SchemaVersion.V1_6, SchemaVersion.V1_7)
    }
    return lambda written: validators[json.loads(written)["specVersion"]].validate_str(written)


@pytest.fixture(scope="module")
def validate_spdx() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from spdx_tools.spdx.parser.jsonlikedict.json_like_dict_parser import JsonLikeDictParser
        from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

    return lambda written: [
        message.validation_message
        for message in validate_full_spdx_document(JsonLikeDictParser().parse(json.loads(written)))
    ]


@pytest.mark.one_python
@pytest.mark.parametrize("inventories", [(), BOTH[:1], BOTH[1:], BOTH])
def test_they_are_valid(validate_cyclonedx: Any, validate_spdx: Any, inventories: tuple[Inventory, ...]) -> None:
    assert validate_cyclonedx(text("cyclonedx", *inventories)) is None
    assert validate_cyclonedx(text("cyclonedx-1.7", *inventories)) is None
    if inventories:
        assert validate_spdx(text("spdx", *inventories)) == []


WORDS = st.text(min_size=1, max_size=12).filter(str.strip)
ANY_PACKAGES = st.lists(
    st.builds(
        Package,
        name=WORDS,
        version=WORDS,
        ecosystem=st.sampled_from(["npm", "Debian:12"]),
        purl=st.sampled_from(["pkg:npm/a@1", "pkg:npm/b@1"]),
        scope=st.sampled_from(Scope),
        direct=st.sampled_from([True, False, None]),
        via=st.lists(WORDS, max_size=2).map(tuple),
        license=st.none() | WORDS | st.sampled_from(["MIT", "mit OR apache-2.0", "(", "LicenseRef-x"]),
        path=st.sampled_from(["", "a", "b/c"]),
        line=st.none() | st.integers(1, 9),
    ),
    max_size=6,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(packages=ANY_PACKAGES)
def test_any_package_makes_a_valid_bill(validate_cyclonedx: Any, validate_spdx: Any, packages: list[Package]) -> None:
    assert validate_cyclonedx(text("cyclonedx", inventory(*packages))) is None
    assert validate_cyclonedx(text("cyclonedx-1.7", inventory(*packages))) is None
    assert validate_spdx(text("spdx", inventory(*packages))) == []


@pytest.mark.parametrize("format", ["cyclonedx", "cyclonedx-1.7", "spdx", "spdx-3"])
def test_the_order_in_which_packages_were_read_does_not_matter(format: str) -> None:
    assert text(format, inventory(*LOCK)) == text(format, inventory(*reversed(LOCK)))


def test_the_serial_number_names_the_content() -> None:
    serials = [
        bill("cyclonedx", one)["serialNumber"]
        for one in (inventory(*LOCK), inventory(*LOCK, read_at="2027-01-01T00:00:00Z"), inventory(*LOCK[1:]))
    ]
    assert serials[0] == serials[1] != serials[2]


def test_who_needs_whom() -> None:
    (part,) = parts_of([inventory(*LOCK)])
    named = {component.ref: f"{component.package.name} {component.package.version}" for component in part.components}
    named[part.ref] = "shop"
    assert sorted((named[who], named[what]) for who, what in part.edges) == [
        ("deep 1.0.0", "below 1.0.0"),
        ("inner 1.0.0", "deep 1.0.0"),
        ("shop", "tools 1.0.0"),
        ("shop", "web 1.0.0"),
        ("tools 1.0.0", "deep 2.0.0"),
        ("web 1.0.0", "inner 1.0.0"),
    ]


def test_a_name_that_could_be_two_versions_makes_no_edge() -> None:
    (part,) = parts_of(
        [
            inventory(
                package("a", "1", direct=False, via=("x",)),
                package("a", "2", direct=False, via=("y",)),
                package("b", direct=False, via=("a",)),
            )
        ]
    )
    assert part.edges == ()


def test_cyclonedx_says_places_scopes_licences_and_what_is_missing() -> None:
    told = bill("cyclonedx", *BOTH)
    assert (told["specVersion"], told["metadata"]["timestamp"]) == ("1.6", READ_AT)
    assert told["metadata"]["tools"]["components"] == [{"type": "application", "name": "gate", "version": "1.2.3"}]
    components = {one["name"]: one for one in told["components"]}
    assert components["archive:shop.tar"]["type"] == "container"
    assert components["tools"] == {
        "type": "library",
        "bom-ref": "target-1/6/pkg:npm/tools@1.0.0",
        "name": "tools",
        "version": "1.0.0",
        "scope": "excluded",
        "licenses": [{"license": {"name": "see the file"}}],
        "purl": "pkg:npm/tools@1.0.0",
        "evidence": {
            "occurrences": [
                {"location": "other/package-lock.json", "line": 3},
                {"location": "package-lock.json", "line": 8},
            ]
        },
        "properties": [{"name": "gate:ecosystem", "value": "npm"}],
    }
    assert components["web"]["licenses"] == [{"expression": "MIT"}]
    assert [one["aggregate"] for one in told["compositions"]] == ["unknown", "incomplete"]
    needs = {one["ref"]: one.get("dependsOn", []) for one in told["dependencies"]}
    assert needs["targets"] == ["target-1", "target-2"]
    assert needs["target-1"] == ["target-1/6/pkg:npm/tools@1.0.0", "target-1/7/pkg:npm/web@1.0.0"]


def test_spdx_says_the_same() -> None:
    told = bill("spdx", *BOTH)
    assert (told["spdxVersion"], told["creationInfo"]["created"]) == ("SPDX-2.3", READ_AT)
    packages = {one["name"]: one for one in told["packages"]}
    assert packages["archive:shop.tar"]["primaryPackagePurpose"] == "CONTAINER"
    assert packages["archive:shop.tar"]["comment"] == "Something could not be read: packages may be missing."
    assert packages["tools"]["sourceInfo"] == "stated by other/package-lock.json:3, package-lock.json:8"
    assert packages["tools"]["licenseDeclared"] == "LicenseRef-1"
    assert told["hasExtractedLicensingInfos"][0]["extractedText"] == "see the file"
    assert packages["web"]["licenseDeclared"] == "MIT"
    kinds = [one["relationshipType"] for one in told["relationships"]]
    assert (kinds.count("DESCRIBES"), kinds.count("CONTAINS"), kinds.count("DEPENDS_ON")) == (2, 8, 7)


def elements(told: dict[str, Any], type: str) -> list[dict[str, Any]]:
    return [one for one in told["@graph"] if one["type"] == type]


def test_cyclonedx_1_7_differs_by_its_version_alone() -> None:
    assert text("cyclonedx-1.7", *BOTH) == text("cyclonedx", *BOTH).replace("bom-1.6", "bom-1.7").replace(
        '"specVersion": "1.6"', '"specVersion": "1.7"'
    )


def test_spdx_3_says_the_same() -> None:
    told = bill("spdx-3", *BOTH)
    (creation,), (document,), (sbom,) = (elements(told, t) for t in ("CreationInfo", "SpdxDocument", "software_Sbom"))
    assert (creation["specVersion"], creation["created"]) == ("3.0.1", READ_AT)
    assert document["rootElement"] == [sbom["spdxId"]]
    packages = {one["name"]: one for one in elements(told, "software_Package")}
    assert sbom["rootElement"] == [packages["shop"]["spdxId"], packages["archive:shop.tar"]["spdxId"]]
    assert packages["archive:shop.tar"]["software_primaryPurpose"] == "container"
    assert packages["archive:shop.tar"]["comment"] == "Something could not be read: packages may be missing."
    assert packages["tools"]["software_sourceInfo"] == "stated by other/package-lock.json:3, package-lock.json:8"
    assert [one["simplelicensing_licenseText"] for one in elements(told, "simplelicensing_SimpleLicensingText")] == [
        "see the file"
    ]
    scoped = [(one["from"], one["scope"], one["to"]) for one in elements(told, "LifecycleScopedRelationship")]
    assert (packages["shop"]["spdxId"], "development", [packages["tools"]["spdxId"]]) in scoped


@pytest.mark.parametrize("inventories", [(), BOTH[:1], BOTH])
def test_every_element_of_spdx_3_is_named_once_and_all_that_are_referred_to_are_there(
    inventories: tuple[Inventory, ...],
) -> None:
    told = bill("spdx-3", *inventories)
    ids = [one.get("spdxId", one.get("@id")) for one in told["@graph"]]
    assert len(ids) == len(set(ids))
    keys = ("from", "to", "rootElement", "element", "createdBy", "creationInfo")
    referred = {id for one in told["@graph"] for key in keys for id in _listed(one.get(key, []))}
    assert referred <= set(ids)


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else value


def test_what_is_written_as_spdx_3_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "shop.spdx.json").write_text(text("spdx-3", inventory(*LOCK)))
    found = read_lockfile("shop.spdx.json", Tree(name="shop", root=str(tmp_path)))
    read = {(one.name, one.version): (one.direct, one.via, one.scope.value, one.license) for one in found.packages}
    assert read == {
        ("web", "1.0.0"): (True, (), "runtime", "MIT"),
        ("tools", "1.0.0"): (True, (), "development", "see the file"),
        ("inner", "1.0.0"): (False, ("web",), "runtime", None),
        ("deep", "1.0.0"): (False, ("web", "inner"), "runtime", None),
        ("deep", "2.0.0"): (False, ("tools",), "runtime", None),
        ("below", "1.0.0"): (False, ("web", "inner", "deep"), "runtime", None),
        ("orphan", "1.0.0"): (False, (), "runtime", None),
    }
    assert found.imprecise == ()


@pytest.mark.parametrize("format", ["cyclonedx", "cyclonedx-1.7", "spdx", "spdx-3"])
def test_nothing_is_made_of_a_report_that_holds_no_packages(format: str) -> None:
    assert format in FORMATS
    bare = msgspec.structs.replace(report(), inventories=msgspec.UNSET)
    with pytest.raises(GateError, match=f"a JSON report holds no packages, so {format} cannot be made of it"):
        load_format(format).write(bare, io.StringIO())


def test_a_json_report_does_not_hold_the_inventories() -> None:
    assert json.loads(text("json", inventory(*LOCK))).keys() == json.loads(text("json")).keys()
    assert "inventories" not in text("json", inventory(*LOCK))


@pytest.mark.parametrize(
    ("words", "expression"),
    [
        ("mit", "MIT"),
        ("Apache-2.0 or MIT", "Apache-2.0 OR MIT"),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("BSD", None),
        ("see LICENSE", None),
        ("(" * 5000, None),
        ("", None),
    ],
)
def test_which_words_are_an_expression(words: str, expression: str | None) -> None:
    assert spdx_expression(words) == expression
