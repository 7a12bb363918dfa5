"""SPDX 2.2 and 2.3, JSON and tag-value (ISO/IEC 5962): packages, their package URLs and relationships."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from gate.inventory.json_lines import member_lines
from gate.inventory.lockfile import unparsable
from gate.inventory.lockfiles.sbom_bill import Bill, Component
from gate.model import Scope

_KNOWN_VERSIONS = frozenset({"SPDX-2.2", "SPDX-2.3"})
_NOTHING = ("", "NOASSERTION", "NONE")
_GROUPS = frozenset({"APPLICATION", "CONTAINER", "OPERATING-SYSTEM"})
_DOCUMENT = "SPDXRef-DOCUMENT"
_NEEDS = {"DEPENDS_ON": False, "CONTAINS": False, "DEPENDENCY_OF": True, "RUNTIME_DEPENDENCY_OF": True}
"""Relationships that are edges of the graph; True if they point from the needed package to the one that needs it."""
_SCOPES = {
    "DEV_DEPENDENCY_OF": Scope.DEVELOPMENT,
    "TEST_DEPENDENCY_OF": Scope.DEVELOPMENT,
    "BUILD_DEPENDENCY_OF": Scope.DEVELOPMENT,
    "OPTIONAL_DEPENDENCY_OF": Scope.OPTIONAL,
}
_TAG = re.compile(r"(?P<key>[A-Za-z][A-Za-z0-9]*):[ \t]*(?P<value>.*)")


class _Reference(msgspec.Struct, frozen=True, rename="camel"):
    reference_type: str = ""
    reference_locator: str = ""


class _Package(msgspec.Struct, rename="camel"):
    name: str
    id: str = msgspec.field(name="SPDXID", default="")
    version_info: str = ""
    external_refs: list[_Reference] = []
    license_concluded: str = ""
    license_declared: str = ""
    primary_package_purpose: str = ""
    line: int | None = None


class _Relationship(msgspec.Struct, frozen=True):
    element: str = msgspec.field(name="spdxElementId")
    type: str = msgspec.field(name="relationshipType")
    related: str = msgspec.field(name="relatedSpdxElement")


class _Document(msgspec.Struct, rename="camel"):
    spdx_version: str
    packages: list[_Package] = []
    relationships: list[_Relationship] = []
    document_describes: list[str] = []


def bill_of(document: dict[str, Any], text: str, path: str) -> Bill:
    """Read a JSON document, given with its text."""
    try:
        found = msgspec.convert(document, _Document)
    except msgspec.ValidationError as error:
        raise unparsable(path, str(error)) from error
    for package, (_, line) in zip(found.packages, member_lines(text, "packages"), strict=True):
        package.line = line
    return _bill(found, path)


def parse_tags(text: str, path: str) -> Bill:
    """Read a tag-value document."""
    found = _Document("")
    for number, key, value in _tags(text, path):
        package = found.packages[-1] if found.packages else None
        if key == "SPDXVersion":
            found.spdx_version = value
        elif key == "PackageName":
            found.packages.append(_Package(value, external_refs=[], line=number))
        elif key == "Relationship":
            found.relationships.append(_relationship(value, path, number))
        elif package is not None:
            _take(package, key, value)
    return _bill(found, path)


def _take(package: _Package, key: str, value: str) -> None:
    """Note what a tag says of the package that the tags before it began."""
    match key:
        case "SPDXID" if not package.id:
            package.id = value
        case "PrimaryPackagePurpose":
            package.primary_package_purpose = value
        case "PackageVersion":
            package.version_info = value
        case "PackageLicenseConcluded":
            package.license_concluded = value
        case "PackageLicenseDeclared":
            package.license_declared = value
        case "ExternalRef":
            _, _, reference = value.partition(" ")
            kind, _, locator = reference.strip().partition(" ")
            package.external_refs.append(_Reference(kind, locator.strip()))


def _relationship(value: str, path: str, line: int) -> _Relationship:
    words = value.split()
    if len(words) != 3:
        raise unparsable(path, "a relationship is two elements and what is between them", line)
    return _Relationship(*words)


def _tags(text: str, path: str) -> Iterator[tuple[int, str, str]]:
    """Yield (line, tag, value). Values between <text> and </text> go over several lines, and none of them matters."""
    is_in_text = False
    for number, row in enumerate(text.split("\n"), 1):
        said = row.strip()
        if is_in_text:
            is_in_text = "</text>" not in said
            continue
        if not said or said.startswith("#"):
            continue
        found = _TAG.fullmatch(said)
        if found is None:
            raise unparsable(path, "it is no SPDX document: a line is tag: value", number)
        is_in_text = "<text>" in said and "</text>" not in said
        yield number, found["key"], found["value"].strip()


def _bill(document: _Document, path: str) -> Bill:
    if document.spdx_version not in _KNOWN_VERSIONS:
        raise unparsable(path, f"version {document.spdx_version[:20]!r} of SPDX is not known")
    roots = _roots(document)
    needs, scopes = _edges(document.relationships)
    components = [
        _as_component(package, scopes.get(package.id, Scope.RUNTIME))
        for package in document.packages
        if package.id not in roots or _purl(package)
    ]
    direct = frozenset(needed for root in roots for needed in needs.get(root, ()))
    return Bill(components=components, needs=needs, direct=direct or None)


def _roots(document: _Document) -> frozenset[str]:
    """Return the ids of what the document is about."""
    stated = [one.related for one in document.relationships if one.element == _DOCUMENT and one.type == "DESCRIBES"]
    return frozenset((*document.document_describes, *stated))


def _edges(relationships: Iterable[_Relationship]) -> tuple[dict[str, list[str]], dict[str, Scope]]:
    """Return who needs whom, and the scope of what is not for running."""
    needs: dict[str, list[str]] = {}
    scopes = {}
    for one in relationships:
        if one.type in _SCOPES:
            scopes[one.element] = _SCOPES[one.type]
        if _NEEDS.get(one.type, one.type in _SCOPES):
            needs.setdefault(one.related, []).append(one.element)
        elif one.type in _NEEDS:
            needs.setdefault(one.element, []).append(one.related)
    return needs, scopes


def _purl(package: _Package) -> str:
    return next((one.reference_locator for one in package.external_refs if one.reference_type == "purl"), "")


def _as_component(package: _Package, scope: Scope) -> Component:
    stated = [text for text in (package.license_concluded, package.license_declared) if text not in _NOTHING]
    version = "" if package.version_info in _NOTHING else package.version_info
    return Component(
        id=package.id,
        name=package.name,
        version=version,
        url=_purl(package),
        line=package.line,
        is_group=package.primary_package_purpose in _GROUPS,
        scope=scope,
        license=stated[0] if stated else None,
    )
