"""CycloneDX 1.2 to 1.7, JSON and XML (ECMA-424): components, nested ones too, and the graph of dependencies."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from gate.inventory.json_lines import member_lines
from gate.inventory.lockfile import unparsable
from gate.inventory.lockfiles.sbom_bill import Bill, Component
from gate.inventory.lockfiles.xml_document import Element
from gate.model import Scope

NAMESPACE = "cyclonedx.org/schema/bom"
"""Part of the XML namespace of every version."""
_KNOWN_VERSIONS = frozenset({"1.2", "1.3", "1.4", "1.5", "1.6", "1.7"})
_NO_PACKAGES = frozenset({"cryptographic-asset", "data", "device", "device-driver", "file", "firmware"})
"""Types of components that no package manager brings."""
_GROUPS = frozenset({"application", "container", "operating-system", "platform"})
_SCOPES = {"optional": Scope.OPTIONAL, "excluded": Scope.DEVELOPMENT}
_DEVELOPMENT = "cdx:npm:package:development"
"""The property by which npm's own SBOMs mark what is for development."""


class _License(msgspec.Struct, frozen=True):
    id: str | None = None
    name: str | None = None


class _Choice(msgspec.Struct, frozen=True):
    license: _License | None = None
    expression: str | None = None


class _Property(msgspec.Struct, frozen=True):
    name: str = ""
    value: str = ""


class _Component(msgspec.Struct, frozen=True, rename="kebab"):
    name: str
    type: str = "library"
    group: str = ""
    version: str = ""
    purl: str = ""
    bom_ref: str = ""
    scope: str = "required"
    licenses: list[_Choice] = []
    components: list["_Component"] = []
    properties: list[_Property] = []


class _Metadata(msgspec.Struct, frozen=True):
    component: _Component | None = None


class _Dependency(msgspec.Struct, frozen=True, rename="camel"):
    ref: str
    depends_on: list[str] = []


class _Bom(msgspec.Struct, frozen=True, rename="camel"):
    spec_version: str
    components: list[_Component] = []
    dependencies: list[_Dependency] = []
    metadata: _Metadata | None = None


def bill_of(document: dict[str, Any], text: str, path: str) -> Bill:
    """Read a JSON document, given with its text."""
    try:
        bom = msgspec.convert(document, _Bom)
    except msgspec.ValidationError as error:
        raise unparsable(path, str(error)) from error
    _check_version(bom.spec_version, path)
    lines = (line for _, line in member_lines(text, "components"))
    placed = list(zip(bom.components, lines, strict=True))
    root = bom.metadata.component.bom_ref if bom.metadata and bom.metadata.component else ""
    needs = {dependency.ref: dependency.depends_on for dependency in bom.dependencies}
    return _bill([(component, line) for top, line in placed for component in _with_nested(top)], root, needs)


def _check_version(version: str, path: str) -> None:
    if version not in _KNOWN_VERSIONS:
        raise unparsable(path, f"version {version[:20]!r} of CycloneDX is not known")


def _with_nested(top: _Component) -> Iterator[_Component]:
    todo = [top]
    while todo:
        component = todo.pop()
        yield component
        todo += reversed(component.components)


def _bill(placed: Sequence[tuple[_Component, int | None]], root: str, needs: dict[str, list[str]]) -> Bill:
    return Bill(
        components=[_as_component(one, line) for one, line in placed if one.type not in _NO_PACKAGES],
        needs=needs,
        direct=frozenset(needs[root]) if root and root in needs else None,
    )


def _as_component(component: _Component, line: int | None) -> Component:
    is_development = _Property(_DEVELOPMENT, "true") in component.properties
    scope = Scope.DEVELOPMENT if is_development else _SCOPES.get(component.scope, Scope.RUNTIME)
    return Component(
        id=component.bom_ref or component.purl,
        name=f"{component.group}/{component.name}" if component.group else component.name,
        version=component.version,
        url=component.purl,
        line=line,
        is_group=component.type in _GROUPS,
        scope=scope,
        license=_license(component.licenses),
    )


def _license(choices: list[_Choice]) -> str | None:
    """Return the licences as one expression; several are all stated to hold."""
    named = (choice.license or _License() for choice in choices)
    said = (choice.expression or one.id or one.name for choice, one in zip(choices, named, strict=True))
    return " AND ".join(filter(None, said)) or None


def bill_of_xml(root: Element, path: str) -> Bill:
    """Read an XML document, given by its root; its version stands in its namespace."""
    _check_version(root.namespace.rpartition("/")[2], path)
    placed = [(_from_xml(element), element.line) for element in _elements(root)]
    main = root.first("metadata", "component")
    needs: dict[str, list[str]] = {}
    for dependency in root.all("dependencies", "dependency"):
        below = [needed.attributes.get("ref", "") for needed in dependency.all("dependency")]
        needs[dependency.attributes.get("ref", "")] = below
    return _bill(placed, main.attributes.get("bom-ref", "") if main else "", needs)


def _elements(root: Element) -> Iterator[Element]:
    todo = list(root.all("components", "component"))[::-1]
    while todo:
        element = todo.pop()
        yield element
        todo += list(element.all("components", "component"))[::-1]


def _from_xml(element: Element) -> _Component:
    return _Component(
        name=element.said("name"),
        type=element.attributes.get("type", "library"),
        group=element.said("group"),
        version=element.said("version"),
        purl=element.said("purl"),
        bom_ref=element.attributes.get("bom-ref", ""),
        scope=element.said("scope") or "required",
        licenses=[
            *(_Choice(_License(one.said("id"), one.said("name"))) for one in element.all("licenses", "license")),
            *(_Choice(expression=one.text) for one in element.all("licenses", "expression")),
        ],
        properties=[
            _Property(one.attributes.get("name", ""), one.text) for one in element.all("properties", "property")
        ],
    )
