"""SBOMs as input, in four spellings."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.core.errors import UnreadableError
from gate.inventory.lockfile import Locked

Read = Callable[[dict[str, str | bytes]], Locked]

CYCLONEDX = """{
  "bomFormat": "CycloneDX",
  "specVersion": "1.5",
  "metadata": {"component": {"bom-ref": "app", "type": "application", "name": "shop"}},
  "components": [
    {
      "type": "library", "bom-ref": "a", "name": "flask", "version": "2.0.1", "purl": "pkg:pypi/Flask@2.0.1",
      "licenses": [{"license": {"id": "BSD-3-Clause"}}],
      "components": [{"type": "library", "name": "inner", "version": "1", "purl": "pkg:npm/%40s/inner@1"}]
    },
    {"bom-ref": "b", "name": "click", "version": "8", "purl": "pkg:pypi/click@8", "scope": "optional",
     "licenses": [{"expression": "MIT OR ISC"}]},
    {"type": "file", "name": "/bin/sh"},
    {"type": "library", "name": "mystery", "version": "1"},
    {"type": "library", "name": "odd", "purl": "pkg:generic/odd@1"}
  ],
  "dependencies": [{"ref": "app", "dependsOn": ["a"]}, {"ref": "a", "dependsOn": ["b"]}]
}"""

XML = """<?xml version="1.0"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.4" version="1">
  <metadata><component type="application" bom-ref="app"><name>shop</name></component></metadata>
  <components>
    <component type="library" bom-ref="a">
      <name>guava</name><version>31</version><licenses><license><id>Apache-2.0</id></license></licenses>
      <purl>pkg:maven/com.google.guava/guava@31?type=jar</purl>
    </component>
    <component type="library" bom-ref="b"><name>x</name><purl>pkg:golang/github.com/a/x@v1.0.0</purl></component>
  </components>
  <dependencies>
    <dependency ref="app"><dependency ref="a"/></dependency>
    <dependency ref="a"><dependency ref="b"/></dependency>
  </dependencies>
</bom>"""

SPDX = """{
  "spdxVersion": "SPDX-2.3",
  "SPDXID": "SPDXRef-DOCUMENT",
  "packages": [
    {"name": "shop", "SPDXID": "SPDXRef-shop"},
    {
      "name": "flask", "SPDXID": "SPDXRef-flask", "versionInfo": "2.0.1",
      "licenseConcluded": "NOASSERTION", "licenseDeclared": "BSD-3-Clause",
      "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                        "referenceLocator": "pkg:pypi/flask@2.0.1"}]
    },
    {"name": "pytest", "SPDXID": "SPDXRef-pytest", "versionInfo": "7.0",
     "externalRefs": [{"referenceType": "purl", "referenceLocator": "pkg:pypi/pytest"}]},
    {"name": "mystery", "SPDXID": "SPDXRef-mystery", "versionInfo": "1"}
  ],
  "relationships": [
    {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-shop"},
    {"spdxElementId": "SPDXRef-shop", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "SPDXRef-flask"},
    {"spdxElementId": "SPDXRef-pytest", "relationshipType": "DEV_DEPENDENCY_OF", "relatedSpdxElement": "SPDXRef-flask"}
  ]
}"""

TAGS = """SPDXVersion: SPDX-2.2
# a comment
CreatorComment: <text>several
PackageName: not this one
lines</text>
PackageName: flask
SPDXID: SPDXRef-flask
PackageVersion: 2.0.1
PackageLicenseConcluded: BSD-3-Clause
ExternalRef: PACKAGE-MANAGER purl pkg:pypi/flask@2.0.1

PackageName: click
SPDXID: SPDXRef-click
ExternalRef: PACKAGE-MANAGER purl pkg:pypi/click@8.0
FileName: ./x
SPDXID: SPDXRef-file
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-shop
Relationship: SPDXRef-shop DEPENDS_ON SPDXRef-flask
Relationship: SPDXRef-click DEPENDENCY_OF SPDXRef-flask
"""


SPDX_3 = """{
  "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
  "@graph": [
    {"type": "CreationInfo", "@id": "_:c", "specVersion": "3.0.1", "created": "2026-01-01T00:00:00Z"},
    {"type": "SpdxDocument", "spdxId": "urn:d", "rootElement": ["urn:s"]},
    {"type": "software_Sbom", "spdxId": "urn:s", "rootElement": ["urn:shop"]},
    {"type": "software_Package", "spdxId": "urn:shop", "name": "shop"},
    {"type": "software_Package", "spdxId": "urn:flask", "name": "flask", "software_packageVersion": "2.0.1",
     "software_packageUrl": "pkg:pypi/flask@2.0.1"},
    {"@type": "software_Package", "@id": "urn:pytest", "name": "pytest", "software_packageVersion": "7.0",
     "externalIdentifier": [{"type": "ExternalIdentifier", "externalIdentifierType": "packageUrl",
                             "identifier": "pkg:pypi/pytest"}]},
    {"type": "software_Package", "spdxId": "urn:mystery", "name": "mystery", "software_packageVersion": "1"},
    {"type": "software_File", "spdxId": "urn:file", "name": "./x", "verifiedUsing": [{"type": "Hash"}]},
    {"type": "simplelicensing_LicenseExpression", "spdxId": "urn:none", "simplelicensing_licenseExpression": "NONE"},
    {"type": "simplelicensing_LicenseExpression", "spdxId": "urn:bsd",
     "simplelicensing_licenseExpression": "BSD-3-Clause"},
    {"type": "Relationship", "spdxId": "urn:1", "from": "urn:shop", "relationshipType": "dependsOn",
     "to": ["urn:flask"]},
    {"type": "LifecycleScopedRelationship", "spdxId": "urn:2", "from": "urn:flask", "scope": "test",
     "relationshipType": "dependsOn", "to": ["urn:pytest"]},
    {"type": "Relationship", "spdxId": "urn:3", "from": "urn:flask", "relationshipType": "hasConcludedLicense",
     "to": ["urn:none"]},
    {"type": "Relationship", "spdxId": "urn:4", "from": "urn:flask", "relationshipType": "hasDeclaredLicense",
     "to": "urn:bsd"}
  ]
}"""


def rows(locked: Locked) -> list[tuple[Any, ...]]:
    return [(p.name, p.version, p.line, p.scope.value, p.direct, p.via, p.license) for p in locked.packages]


@pytest.mark.parametrize("name", ["bom.json", "shop.cdx.json", "sbom.json"])
@pytest.mark.parametrize("version", ["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"])
def test_cyclonedx_as_json(locked: Read, name: str, version: str) -> None:
    found = locked({name: CYCLONEDX.replace('"1.5"', f'"{version}"')})
    assert rows(found) == [
        ("flask", "2.0.1", 6, "runtime", True, (), "BSD-3-Clause"),
        ("@s/inner", "1", 6, "runtime", False, (), None),
        ("click", "8", 11, "optional", False, ("flask",), "MIT OR ISC"),
    ]
    assert found.imprecise == (f"{name}:14: mystery", f"{name}:15: odd")


def test_what_only_holds_packages_is_none(locked: Read) -> None:
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "metadata": {"component": {"name": "image", "bom-ref": "root"}},
        "components": [
            {"type": "application", "name": "go.mod", "bom-ref": "group"},
            {"type": "operating-system", "name": "debian", "bom-ref": "os"},
            {"name": "flask", "purl": "pkg:pypi/flask@2", "bom-ref": "flask"},
            {"name": "click", "purl": "pkg:pypi/click@8", "bom-ref": "click"},
        ],
        "dependencies": [
            {"ref": "root", "dependsOn": ["group", "os"]},
            {"ref": "group", "dependsOn": ["flask", "group"]},
            {"ref": "flask", "dependsOn": ["click"]},
        ],
    }
    found = locked({"bom.json": json.dumps(bill)})
    assert [(p.name, p.direct, p.via) for p in found.packages] == [("flask", True, ()), ("click", False, ("flask",))]
    assert found.imprecise == ()


@pytest.mark.parametrize("name", ["bom.xml", "shop.cdx.xml"])
def test_cyclonedx_as_xml(locked: Read, name: str) -> None:
    found = locked({name: XML})
    assert rows(found) == [
        ("com.google.guava:guava", "31", 5, "runtime", True, (), "Apache-2.0"),
        ("github.com/a/x", "v1.0.0", 9, "runtime", False, ("guava",), None),
    ]


@pytest.mark.parametrize("name", ["shop.spdx.json", "sbom.json"])
def test_spdx_as_json(locked: Read, name: str) -> None:
    found = locked({name: SPDX})
    assert rows(found) == [
        ("flask", "2.0.1", 6, "runtime", True, (), "BSD-3-Clause"),
        ("pytest", "7.0", 12, "development", False, ("flask",), None),
    ]
    assert found.imprecise == (f"{name}:14: mystery",)


@pytest.mark.parametrize("name", ["shop.spdx.json", "shop.spdx3.json", "sbom.json"])
@pytest.mark.parametrize(
    "context",
    [
        "https://spdx.org/rdf/3.0.0/spdx-context.jsonld",
        "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
        "https://spdx.org/rdf/3.1/spdx-context.jsonld",
    ],
)
def test_spdx_3(locked: Read, name: str, context: str) -> None:
    found = locked({name: SPDX_3.replace("https://spdx.org/rdf/3.0.1/spdx-context.jsonld", context)})
    assert rows(found) == [
        ("flask", "2.0.1", 8, "runtime", True, (), "BSD-3-Clause"),
        ("pytest", "7.0", 10, "development", False, ("flask",), None),
    ]
    assert found.imprecise == (f"{name}:13: mystery",)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (SPDX_3.replace("rdf/3.0.1", "rdf/3.7"), "the version of SPDX in .* is not known"),
        (SPDX_3.replace("@graph", "@grapes"), "it has no @graph"),
        (SPDX_3.replace('"to": ["urn:flask"]', '"to": [7]'), "Expected `str`, got `int`"),
        (SPDX_3.replace('"type": "SpdxDocument"', '"type": 7'), "Expected `str`, got `int`"),
        (SPDX_3.replace('{"type": "SpdxDocument"', '7, {"type": "SpdxDocument"'), "Expected `object`, got `int`"),
    ],
)
def test_a_broken_spdx_3_says_why(locked: Read, text: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=f"cannot be parsed: {why}"):
        locked({"a.spdx.json": text})


def test_spdx_as_tags(locked: Read) -> None:
    assert rows(locked({"shop.spdx": TAGS})) == [
        ("flask", "2.0.1", 6, "runtime", True, (), "BSD-3-Clause"),
        ("click", "8.0", 12, "runtime", False, ("flask",), None),
    ]


@pytest.mark.parametrize(
    ("url", "package"),
    [
        ("pkg:deb/debian/libssl3@3.0.9-1?distro=debian-12&upstream=openssl", ("Debian:12", "openssl", "3.0.9-1")),
        ("pkg:deb/debian/bash@5-2%2Bb1?distro=bookworm&upstream=bash@5-2", ("Debian:12", "bash", "5-2")),
        ("pkg:apk/alpine/musl@1.2-r0?distro=alpine-3.18.4", ("Alpine:v3.18", "musl", "1.2-r0")),
        ("pkg:rpm/almalinux/openssl-libs@3.0-1.el9?epoch=1&distro=almalinux-9.2&upstream=openssl-3.0-1.el9.src.rpm",
         ("AlmaLinux:9", "openssl-libs", "1:3.0-1.el9")),
        ("pkg:rpm/rocky/openssl-libs@3.0-1.el9?epoch=1&distro=rocky-9.2&upstream=openssl-3.0-1.el9.src.rpm",
         ("Rocky Linux:9", "openssl", "1:3.0-1.el9")),
        ("pkg:rpm/redhat/zlib@1-2?distro=rhel-9.2", ("Red Hat:9", "zlib", "1-2")),
        ("pkg:deb/debian/bash@5?distro=sid", None),
        ("pkg:deb/debian/bash@5", None),
        ("pkg:composer/symfony/http@5.0", ("Packagist", "symfony/http", "5.0")),
        ("pkg:gem/rails@7.0", ("RubyGems", "rails", "7.0")),
        ("pkg:conan/bincrafters/zlib@1.2", ("ConanCenter", "zlib", "1.2")),
        ("pkg:docker/cassandra@sha256:00", None),
    ],
)  # fmt: skip
def test_a_package_url_names_the_ecosystem(locked: Read, url: str, package: tuple[str, str, str] | None) -> None:
    component = {"name": "x", "purl": url}
    found = locked(
        {"bom.json": json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [component]})}
    )
    assert [(p.ecosystem, p.name, p.version) for p in found.packages] == ([package] if package else [])
    assert len(found.imprecise) == (0 if package else 1)


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("a.cdx.json", "{}", "it is no SBOM of CycloneDX or SPDX"),
        ("a.cdx.json", "[]", "it is no SBOM of CycloneDX or SPDX"),
        ("a.cdx.xml", "<parts/>", "it is no SBOM of CycloneDX or SPDX"),
        ("bom.json", "{broken", "it is not JSON"),
        ("bom.xml", "<bom", "it is not XML"),
        ("bom.json", '{"bomFormat": "CycloneDX", "specVersion": "2.0"}', "version '2.0' of CycloneDX is not known"),
        ("bom.json", '{"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [{}]}', "required field `name`"),
        ("bom.json", CYCLONEDX.replace("pkg:pypi/Flask@2.0.1", "flask"), r"a package URL is none \(line 6\)"),
        ("bom.xml", "<bom xmlns='http://cyclonedx.org/schema/bom/9.0'/>", "version '9.0' of CycloneDX"),
        ("a.spdx.json", '{"spdxVersion": "SPDX-3.0"}', "version 'SPDX-3.0' of SPDX is not known"),
        ("a.spdx", "nonsense", r"it is no SPDX document: a line is tag: value \(line 1\)"),
        ("a.spdx", "SPDXVersion: SPDX-2.3\nRelationship: a b", r"a relationship is two elements.*\(line 2\)"),
        ("a.spdx", "", "version '' of SPDX is not known"),
    ],
)
def test_a_broken_one_says_why(locked: Read, name: str, text: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=f"cannot be parsed: .*{why}"):
        locked({name: text})


@pytest.mark.parametrize(
    ("name", "text"), [("bom.json", "{}"), ("bom.json", '["resistor"]'), ("sbom.json", "3"), ("bom.xml", "<bom/>")]
)
def test_a_bill_of_materials_of_another_trade_is_said(locked: Read, name: str, text: str) -> None:
    found = locked({name: text})
    assert (found.packages, found.imprecise) == ((), (f"{name}:1: no SBOM of CycloneDX or SPDX",))


@pytest.mark.parametrize(
    ("name", "text"), [("bom.json", CYCLONEDX), ("bom.xml", XML), ("a.spdx.json", SPDX), ("a.spdx", TAGS)]
)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 1500), lost=st.integers(0, 20), noise=st.text(alphabet='{}[]<>/":,\n a1@&', max_size=5))
def test_any_damage_is_read_or_a_clear_error(
    damaged: Read, name: str, text: str, cut: int, lost: int, noise: str
) -> None:
    place = cut % len(text)
    damaged({name: text[:place] + noise + text[place + lost :]})
