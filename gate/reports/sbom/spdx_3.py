"""SPDX 3.0.1 (spdx.github.io/spdx-spec/v3.0.1), as JSON-LD."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from gate.model import Scope, Tool
from gate.reports.sbom.components import TargetComponent, TargetComponents
from gate.reports.sbom.cyclonedx import serial_number
from gate.reports.sbom.licenses import spdx_expression
from gate.reports.sbom.plain import statement_on

_CONTEXT = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
_CREATION = "_:creationinfo"
_PURPOSES = {"image": "container"}
"""Kind of target to purpose of package; the others are applications."""
_NOT_IN_IDS = re.compile(r"[^A-Za-z0-9.-]+")
Element = dict[str, Any]


def bill_of(parts: Sequence[TargetComponents], tool: Tool) -> dict[str, Any]:
    """Return the document, which is reproducible: the ids of its elements begin with a hash of its content."""
    content = [_content(part) for part in parts]
    writer = _Writer(f"urn:uuid:{serial_number([tool.name, tool.version, content])}")
    targets = [writer.id(part.ref) for part in parts]
    elements = [element for part in parts for element in writer.elements(part)]
    created = max((part.inventory.read_at for part in parts), default="1970-01-01T00:00:00Z")
    return {
        "@context": _CONTEXT,
        "@graph": [
            {
                "type": "CreationInfo",
                "@id": _CREATION,
                "specVersion": "3.0.1",
                "created": created,
                "createdBy": [writer.id("gate")],
            },
            writer.element("SoftwareAgent", "gate", name=f"{tool.name} {tool.version}"),
            writer.element(
                "SpdxDocument",
                "document",
                name=", ".join(part.inventory.target for part in parts) or "nothing",
                profileConformance=["core", "simpleLicensing", "software"],
                rootElement=[writer.id("sbom")],
            ),
            writer.element(
                "software_Sbom",
                "sbom",
                rootElement=targets or [writer.id("gate")],
                element=[one["spdxId"] for one in elements],
            ),
            *elements,
        ],
    }


def _content(part: TargetComponents) -> list[Any]:
    """Return what the ids of a target's elements are made of."""
    components = [[one.ref, one.package.license, one.package.scope.value, list(one.places)] for one in part.components]
    uses = [[one.ref, statement_on(one.use)] for one in part.components if one.use]
    stated = [part.inventory.target, part.inventory.kind, part.inventory.is_complete, components, list(part.edges)]
    return [*stated, uses] if uses else stated


class _Writer:
    """Makes elements whose ids begin with a namespace."""

    def __init__(self, namespace: str) -> None:
        self._namespace = namespace
        self._licenses: dict[str, str] = {}
        """Words of a licence to the id of its element."""

    def id(self, ref: str) -> str:
        return f"{self._namespace}#{_NOT_IN_IDS.sub('-', ref)}"

    def element(self, type: str, ref: str, **more: Any) -> Element:
        stated = {name: value for name, value in more.items() if value}
        return {"type": type, "spdxId": self.id(ref), "creationInfo": _CREATION, **stated}

    def elements(self, part: TargetComponents) -> Iterator[Element]:
        """Yield a target, its packages, their licences and what is between them."""
        lacks = "" if part.inventory.is_complete else "Something could not be read: packages may be missing."
        yield self.element(
            "software_Package",
            part.ref,
            name=part.inventory.target,
            software_primaryPurpose=_PURPOSES.get(part.inventory.kind, "application"),
            comment=lacks,
        )
        for component in part.components:
            yield self._package(component)
            yield from self._annotation(component)
            yield from self._license(component)
        if part.components:
            yield self._relationship("contains", part.ref, [one.ref for one in part.components])
        yield from self._needs(part)

    def _package(self, component: TargetComponent) -> Element:
        package = component.package
        places = ", ".join(f"{path}:{line}" if line else path for path, line in component.places)
        return self.element(
            "software_Package",
            component.ref,
            name=package.name,
            software_packageVersion=package.version,
            software_packageUrl=package.purl,
            software_sourceInfo=f"stated by {places}" if places else "",
            comment=f"ecosystem: {package.ecosystem}; scope: {package.scope.value}",
        )

    def _annotation(self, component: TargetComponent) -> Iterator[Element]:
        """Yield what says whether the package is in use, if that was asked."""
        if component.use is not None:
            yield self.element(
                "Annotation",
                f"in-use-{component.ref}",
                annotationType="other",
                contentType="application/json",
                subject=self.id(component.ref),
                statement=statement_on(component.use),
            )

    def _license(self, component: TargetComponent) -> Iterator[Element]:
        words = component.package.license
        if not words:
            return
        if words not in self._licenses:
            self._licenses[words] = f"license-{len(self._licenses) + 1}"
            yield self._license_element(words)
        yield self._relationship("hasDeclaredLicense", component.ref, [self._licenses[words]])

    def _license_element(self, words: str) -> Element:
        expression, ref = spdx_expression(words), self._licenses[words]
        if expression and "LicenseRef-" not in expression:
            type = "simplelicensing_LicenseExpression"
            return self.element(type, ref, simplelicensing_licenseExpression=expression)
        return self.element("simplelicensing_SimpleLicensingText", ref, simplelicensing_licenseText=words)

    def _needs(self, part: TargetComponents) -> Iterator[Element]:
        """Yield what needs what; what is for development alone is needed for that."""
        is_development = {one.ref: one.package.scope is Scope.DEVELOPMENT for one in part.components}
        needs: dict[tuple[str, bool], list[str]] = {}
        for who, what in part.edges:
            needs.setdefault((who, is_development.get(what, False)), []).append(what)
        for (who, for_development), below in needs.items():
            scope = "development" if for_development else "runtime"
            yield self._relationship("dependsOn", who, below, scope)

    def _relationship(self, kind: str, start: str, ends: Sequence[str], scope: str = "") -> Element:
        return self.element(
            "LifecycleScopedRelationship" if scope else "Relationship",
            "-".join(filter(None, (start, kind, scope))),
            relationshipType=kind,
            **{"from": self.id(start), "to": [self.id(end) for end in ends]},
            scope=scope,
        )
