"""What VEX documents say, and which packages it clears."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.advisories.vex import Statements
from gate.advisories.vex_documents import read_documents, statements_of
from gate.core.errors import UnreadableError
from gate.model import BinaryPackage, Package

LODASH = Package(name="lodash", version="4.17.15", ecosystem="npm", purl="pkg:npm/lodash@4.17.15")
JINJA = Package(name="jinja2", version="2.10", ecosystem="PyPI", purl="pkg:pypi/jinja2@2.10")
LIBSSL = Package(
    name="openssl",
    version="3.0.9-1",
    ecosystem="Debian:12",
    purl="pkg:deb/debian/openssl@3.0.9-1?arch=source&distro=debian-12",
    installed_as="libssl3",
    binaries=(
        BinaryPackage(name="libssl3", version="3.0.9-1", purl="pkg:deb/debian/libssl3@3.0.9-1"),
        BinaryPackage(name="libssl-dev", version="3.0.9-1+b1", purl="pkg:deb/debian/libssl-dev@3.0.9-1%2Bb1"),
    ),
)
RHEL = Package(name="curl", version="8-1", ecosystem="Red Hat:9", purl="pkg:rpm/redhat/curl@8-1?distro=rhel-9.2")


def openvex(*statements: dict[str, Any], timestamp: str = "2026-01-01T00:00:00Z") -> bytes:
    document = {"@context": "https://openvex.dev/ns/v0.2.0", "timestamp": timestamp, "statements": statements}
    return json.dumps(document).encode()


def statement(product: Any = "pkg:npm/lodash", status: str = "not_affected", **more: Any) -> dict[str, Any]:
    justified = {"justification": "vulnerable_code_not_present"} if status == "not_affected" else {}
    product = {"@id": product} if isinstance(product, str) else product
    return {"vulnerability": {"name": "CVE-1"}, "products": [product], "status": status, **justified, **more}


def cyclonedx(state: str, affects: str = "pkg:npm/lodash@4.17.15", **more: Any) -> bytes:
    vulnerability = {
        "id": "CVE-1",
        "analysis": {"state": state, "justification": "code_not_reachable"},
        "affects": [{"ref": affects}],
        **more,
    }
    component = {"bom-ref": "ref-1", "purl": "pkg:npm/lodash@4.17.15", "type": "library", "name": "lodash"}
    document = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [component]}
    return json.dumps({**document, "vulnerabilities": [vulnerability]}).encode()


def cleared(
    content: bytes, package: Package = LODASH, target: str = "shop", names: tuple[str, ...] = ("CVE-1",)
) -> str:
    found = Statements(statements_of(content, "vex.json")).clearing(package, names, target)
    return str(found) if found else ""


NOT_PRESENT = "not affected: vulnerable code not present (vex.json)"


@pytest.mark.parametrize(
    ("content", "package", "words"),
    [
        (openvex(statement()), LODASH, NOT_PRESENT),
        (openvex(statement("pkg:npm/lodash@4.17.15")), LODASH, NOT_PRESENT),
        (openvex(statement("pkg:npm/lodash@4.17.14")), LODASH, ""),
        (openvex(statement("pkg:npm/lodash-es")), LODASH, ""),
        (openvex(statement("pkg:pypi/lodash")), LODASH, ""),
        (openvex(statement("https://example.com/lodash")), LODASH, ""),
        (openvex(statement("pkg:pypi/Jinja2")), JINJA, NOT_PRESENT),
        (openvex(statement("pkg:deb/debian/libssl3@3.0.9-1?arch=amd64")), LIBSSL, NOT_PRESENT),
        (openvex(statement("pkg:deb/debian/openssl")), LIBSSL, NOT_PRESENT),
        (openvex(statement("pkg:deb/ubuntu/openssl")), LIBSSL, ""),
        (openvex(statement("pkg:deb/debian/libssl-dev@3.0.9-1%2Bb1?arch=amd64")), LIBSSL, NOT_PRESENT),
        (openvex(statement("pkg:deb/debian/libssl-dev@3.0.9-1%2Bb2?arch=amd64")), LIBSSL, ""),
        (openvex(statement("pkg:deb/debian/libssl-doc")), LIBSSL, ""),
        (openvex(statement("pkg:rpm/redhat/curl")), RHEL, NOT_PRESENT),
        (openvex(statement("pkg:rpm/rhel/curl@8-1")), RHEL, NOT_PRESENT),
        (openvex(statement(status="fixed")), LODASH, "fixed (vex.json)"),
        (openvex(statement(status="affected")), LODASH, ""),
        (openvex(statement(status="under_investigation")), LODASH, ""),
        (openvex(statement({"@id": "x", "identifiers": {"purl": "pkg:npm/lodash"}})), LODASH, NOT_PRESENT),
        (openvex(statement(vulnerability={"name": "GHSA-1", "aliases": ["CVE-1"]})), LODASH, NOT_PRESENT),
        (openvex(statement(vulnerability="CVE-1", products=["pkg:npm/lodash"])), LODASH, NOT_PRESENT),
        (openvex(statement(vulnerability={"name": "CVE-2"})), LODASH, ""),
        (cyclonedx("not_affected"), LODASH, "not affected: code not reachable (vex.json)"),
        (cyclonedx("false_positive", "ref-1"), LODASH, "not affected: code not reachable (vex.json)"),
        (cyclonedx("resolved"), LODASH, "fixed: code not reachable (vex.json)"),
        (cyclonedx("exploitable"), LODASH, ""),
        (cyclonedx("in_triage"), LODASH, ""),
        (cyclonedx("resolved", id="X-1", references=[{"id": "CVE-1"}]), LODASH, "fixed: code not reachable (vex.json)"),
        (cyclonedx("not_affected", "pkg:npm/other@1"), LODASH, ""),
        (cyclonedx("resolved", "urn:cdx:1/1#pkg%3Anpm/lodash"), LODASH, "fixed: code not reachable (vex.json)"),
    ],
)  # fmt: skip
def test_a_statement_clears_what_it_names(content: bytes, package: Package, words: str) -> None:
    assert cleared(content, package) == words


PART_OF_API = {"@id": "pkg:oci/api?repository_url=registry.example.com/shop", "subcomponents": ["pkg:npm/lodash"]}


@pytest.mark.parametrize(
    ("target", "is_cleared"),
    [("docker:api", True), ("registry:registry.example.com/shop/api:1.4", True), ("archive:out/api.tar", True),
     ("docker:web", False), ("shop", False)],
)  # fmt: skip
def test_what_is_said_of_an_images_part_counts_in_that_image(target: str, is_cleared: bool) -> None:
    assert bool(cleared(openvex(statement(PART_OF_API)), target=target)) is is_cleared


@pytest.mark.parametrize(
    ("first", "second", "is_cleared"),
    [
        (("affected", "2026-01-01T00:00:00Z"), ("not_affected", "2026-02-01T00:00:00Z"), True),
        (("not_affected", "2026-01-01T00:00:00Z"), ("affected", "2026-02-01T00:00:00Z"), False),
        (("not_affected", "2026-01-01T00:00:00+02:00"), ("affected", "2025-12-31T23:00:00Z"), False),
        (("not_affected", ""), ("affected", ""), False),
    ],
)
def test_the_latest_statement_decides_and_doubt_clears_nothing(
    first: tuple[str, str], second: tuple[str, str], is_cleared: bool
) -> None:
    content = openvex(*(statement(status=status, timestamp=time) for status, time in (first, second)), timestamp="")
    assert bool(cleared(content)) is is_cleared


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"{", "it is no OpenVEX document"),
        (b"[]", "it is no OpenVEX document"),
        (b"\xff\xfe", "it is no OpenVEX document"),
        (b"[" * 100_000, "it is no OpenVEX document"),
        (json.dumps({"@context": "https://example.com", "statements": []}).encode(), "its @context is not OpenVEX's"),
        (openvex(statement(status="fine")), "statements[0] has the unknown status 'fine'"),
        (openvex(statement(justification="")), "statements[0] says not_affected and gives no justification"),
        (cyclonedx("well"), "vulnerabilities[0] has the unknown state 'well'"),
        (b'{"bomFormat": "CycloneDX", "vulnerabilities": 1}', "it is no CycloneDX document"),
    ],
)
def test_a_document_that_says_nothing_clear_is_an_error(content: bytes, why: str) -> None:
    with pytest.raises(UnreadableError) as error:
        statements_of(content, "vex.json")
    assert error.value.path == "vex.json"
    assert error.value.message.startswith(f"cannot be parsed: {why}")


def test_documents_are_read_one_by_one() -> None:
    def read(path: str) -> bytes:
        if path == "gone.json":
            raise UnreadableError("there is no such file", path=path)
        return openvex(statement())

    documents = read_documents(["gone.json", "vex.json"], read)
    assert [each.document for each in documents.statements] == ["vex.json"]
    assert [error.path for error in documents.errors] == ["gone.json"]


@given(st.binary(max_size=60) | st.text(max_size=40).map(lambda text: openvex(statement(vulnerability=text))))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    documents = read_documents(["vex.json"], lambda _: content)
    assert all(error.path == "vex.json" for error in documents.errors)
