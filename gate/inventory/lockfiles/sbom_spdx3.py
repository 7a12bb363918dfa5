"""SPDX 3.0 and 3.1 as JSON-LD (spdx.github.io/spdx-spec/v3.0.1, "Serializations"): packages and relationships.

A document is a list of elements, `@graph`, each with its `type`. Elements name one another by their ids.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from gate.inventory.json_lines import member_lines
from gate.inventory.lockfile import unparsable
from gate.inventory.lockfiles.sbom_bill import Bill, Component
from gate.model import Scope

CONTEXT = "spdx.org/rdf/3."
"""Part of the address of the context of every version of SPDX 3."""
_KNOWN_VERSION = re.compile(r"https?://spdx\.org/rdf/(?:v?3\.[01](?:\.\d+)?)/.*")
_GRAPH = "@graph"
_NOTHING = ("", "NOASSERTION", "NONE")
_GROUPS = frozenset({"application", "container", "operatingSystem"})
_NEEDS = frozenset({"dependsOn", "contains", "hasDynamicLink", "hasStaticLink", "hasPrerequisite"})
"""Relationships that are edges of the graph, from the package that needs to what it needs."""
_SCOPED = {
    "hasOptionalDependency": Scope.OPTIONAL,
    "hasOptionalComponent": Scope.OPTIONAL,
    "hasProvidedDependency": Scope.RUNTIME,
}
_DEVELOPMENT = frozenset({"build", "design", "development", "test"})
"""Scopes of a relationship (`LifecycleScopeType`) that are not for running."""
_LICENSES = ("hasConcludedLicense", "hasDeclaredLicense")
"""The first that states something counts."""


class _Identifier(msgspec.Struct, frozen=True, rename="camel"):
    external_identifier_type: str = ""
    identifier: str = ""


class _Element(msgspec.Struct, frozen=True, kw_only=True):
    """What is read of an element of any type."""

    type: str = ""
    id: str = msgspec.field(name="spdxId", default="")
    name: str = ""
    version: str = msgspec.field(name="software_packageVersion", default="")
    url: str = msgspec.field(name="software_packageUrl", default="")
    identifiers: list[_Identifier] = msgspec.field(name="externalIdentifier", default_factory=list)
    purpose: str = msgspec.field(name="software_primaryPurpose", default="")
    roots: list[str] = msgspec.field(name="rootElement", default_factory=list)
    expression: str = msgspec.field(name="simplelicensing_licenseExpression", default="")
    license_text: str = msgspec.field(name="simplelicensing_licenseText", default="")
    relation: str = msgspec.field(name="relationshipType", default="")
    start: str = msgspec.field(name="from", default="")
    ends: list[str] = msgspec.field(name="to", default_factory=list)
    scope: str = ""

    @property
    def package_url(self) -> str:
        stated = (one.identifier for one in self.identifiers if one.external_identifier_type == "packageUrl")
        return self.url or next(stated, "")


def is_document(document: Mapping[str, Any]) -> bool:
    """True if a JSON document has the context of SPDX 3."""
    contexts = document.get("@context")
    listed = contexts if isinstance(contexts, list) else [contexts]
    return any(isinstance(one, str) and CONTEXT in one for one in listed)


def bill_of(document: dict[str, Any], text: str, path: str) -> Bill:
    """Read a JSON document, given with its text."""
    _check_version(document["@context"], path)
    written = document.get(_GRAPH)
    if not isinstance(written, list):
        raise unparsable(path, f"it has no {_GRAPH}")
    try:
        elements = [msgspec.convert(_plain(one), _Element) for one in written]
    except msgspec.ValidationError as error:
        raise unparsable(path, str(error)) from error
    lines = [line for _, line in member_lines(text, _GRAPH)]
    packages = [(one, line) for one, line in zip(elements, lines, strict=True) if _type(one) == "Package"]
    return _bill(elements, packages)


def _check_version(contexts: Any, path: str) -> None:
    listed = contexts if isinstance(contexts, list) else [contexts]
    stated = next(one for one in listed if isinstance(one, str) and CONTEXT in one)
    if not _KNOWN_VERSION.fullmatch(stated):
        raise unparsable(path, f"the version of SPDX in {stated[:80]!r} is not known")


def _plain(element: Any) -> Any:
    """Return an element with the names that the context gives its keys; `@id` and `@type` are JSON-LD's own."""
    if not isinstance(element, dict):
        return element
    plain = {key: value for key, value in element.items() if value is not None}
    for own, given in (("@id", "spdxId"), ("@type", "type")):
        if own in plain:
            plain.setdefault(given, plain[own])
    if isinstance(plain.get("to"), str):
        plain["to"] = [plain["to"]]
    return plain


def _type(element: _Element) -> str:
    """Return an element's type without its profile: `Package` for `software_Package`."""
    return element.type.rpartition("_")[2].rpartition("/")[2]


def _bill(elements: list[_Element], packages: list[tuple[_Element, int]]) -> Bill:
    edges = list(_edges(elements))
    needs: dict[str, list[str]] = {}
    for start, end, _ in edges:
        needs.setdefault(start, []).append(end)
    scopes = _scopes(edges)
    licenses = _licenses(elements)
    roots = _roots(elements, frozenset(one.id for one, _ in packages))
    components = [
        _as_component(one, line, scopes.get(one.id, Scope.RUNTIME), licenses.get(one.id))
        for one, line in packages
        if one.id not in roots or one.package_url
    ]
    return Bill(components=components, needs=needs, direct=_direct(elements, roots) or None)


def _direct(elements: Iterable[_Element], roots: frozenset[str]) -> frozenset[str]:
    """Return what the roots need; what they contain is all there is, and counts where they are not said to need."""
    of_roots = [one for one in elements if one.start in roots and one.relation in (*_NEEDS, *_SCOPED)]
    needing = [one for one in of_roots if one.relation != "contains"]
    return frozenset(end for one in needing or of_roots for end in one.ends)


def _edges(elements: Iterable[_Element]) -> Iterator[tuple[str, str, Scope]]:
    """Yield (who needs, what it needs, for what)."""
    for one in elements:
        if one.relation in _NEEDS or one.relation in _SCOPED:
            scope = Scope.DEVELOPMENT if one.scope in _DEVELOPMENT else _SCOPED.get(one.relation, Scope.RUNTIME)
            for end in one.ends:
                yield one.start, end, scope


def _scopes(edges: Iterable[tuple[str, str, Scope]]) -> dict[str, Scope]:
    """Return the scope of each package by the edges that state one; that something contains it says nothing."""
    scopes: dict[str, Scope] = {}
    for _, end, scope in edges:
        if scope is not Scope.RUNTIME:
            scopes[end] = scope
    return scopes


def _roots(elements: Iterable[_Element], packages: frozenset[str]) -> frozenset[str]:
    """Return the ids of the packages that the document is about; a bill's own roots count before the document's."""
    listed: list[str] = []
    for kind in ("Sbom", "Bom", "SpdxDocument"):
        listed = listed or [id for one in elements if _type(one) == kind for id in one.roots]
    described = [end for one in elements if one.relation == "describes" for end in one.ends]
    return packages & frozenset((*listed, *described))


def _licenses(elements: Iterable[_Element]) -> dict[str, str]:
    """Return the licence of each package that has one."""
    words = {one.id: one.expression or one.license_text for one in elements}
    licenses: dict[str, str] = {}
    for kind in _LICENSES:
        for one in elements:
            stated = next((words.get(end, "") for end in one.ends), "") if one.relation == kind else ""
            if stated not in _NOTHING:
                licenses.setdefault(one.start, stated)
    return licenses


def _as_component(element: _Element, line: int, scope: Scope, license: str | None) -> Component:
    return Component(
        id=element.id,
        name=element.name,
        version="" if element.version in _NOTHING else element.version,
        url=element.package_url,
        line=line,
        is_group=element.purpose in _GROUPS,
        scope=scope,
        license=license,
    )
