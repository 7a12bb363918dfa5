"""CycloneDX 1.6 and 1.7 (ECMA-424), as JSON."""

import hashlib
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from gate.core.json_text import json_bytes
from gate.model import Scope, Tool
from gate.reports.sbom.components import TargetComponent, TargetComponents
from gate.reports.sbom.licenses import spdx_expression
from gate.reports.sbom.services import services_of

_TYPES = {"image": "container"}
"""Kind of target to type of component; the others are applications."""
_SCOPES = {Scope.RUNTIME: "required", Scope.OPTIONAL: "optional", Scope.DEVELOPMENT: "excluded"}
"""In CycloneDX, `excluded` means that a component is used, but not part of what is delivered."""
_ALL = "targets"
"""The ref of the component that stands for all targets."""


def bill_of(parts: Sequence[TargetComponents], tool: Tool, version: str = "1.6") -> dict[str, Any]:
    """Return the document in a version of the format; what we write is the same in both.

    Its serial number is made of its content without the time, so it is reproducible.
    """
    services = services_of(parts)
    content: dict[str, Any] = {
        "metadata": {
            "tools": {"components": [{"type": "application", "name": tool.name, "version": tool.version}]},
            "component": _subject(parts),
        },
        "components": _components(parts),
        **({"services": services} if services else {}),
        "dependencies": _dependencies(parts),
        "compositions": [_composition(part) for part in parts],
    }
    serial = serial_number(content)
    content["metadata"]["timestamp"] = max((part.inventory.read_at for part in parts), default="1970-01-01T00:00:00Z")
    return {
        "$schema": f"http://cyclonedx.org/schema/bom-{version}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": version,
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        **content,
    }


def serial_number(content: Any) -> uuid.UUID:
    """Return a UUID made of a hash of the content."""
    return uuid.uuid5(uuid.NAMESPACE_URL, hashlib.sha256(json_bytes(content)).hexdigest())


def _subject(parts: Sequence[TargetComponents]) -> dict[str, Any]:
    """Return the component that the document is about: the target, or one for all targets."""
    if len(parts) == 1:
        return _target(parts[0])
    return {"type": "application", "bom-ref": _ALL, "name": ", ".join(part.inventory.target for part in parts)}


def _target(part: TargetComponents) -> dict[str, Any]:
    kind = _TYPES.get(part.inventory.kind, "application")
    return {"type": kind, "bom-ref": part.ref, "name": part.inventory.target}


def _components(parts: Sequence[TargetComponents]) -> list[dict[str, Any]]:
    targets = [_target(part) for part in parts] if len(parts) > 1 else []
    return targets + [_component(one) for part in parts for one in part.components]


def _component(component: TargetComponent) -> dict[str, Any]:
    package = component.package
    parts = {
        "type": "library",
        "bom-ref": component.ref,
        "name": package.name,
        "version": package.version,
        "scope": _SCOPES[package.scope],
        "licenses": _licenses(package.license),
        "purl": package.purl,
        "evidence": {"occurrences": [_occurrence(*place) for place in component.places]} if component.places else None,
        "properties": _properties(component),
    }
    return {name: value for name, value in parts.items() if value is not None}


def _properties(component: TargetComponent) -> list[dict[str, Any]]:
    stated = {"gate:ecosystem": component.package.ecosystem, "gate:source": component.source}
    properties = [(name, value) for name, value in stated.items() if value]
    return [{"name": name, "value": value} for name, value in (*properties, *_in_use(component))]


def _in_use(component: TargetComponent) -> Iterator[tuple[str, str]]:
    """Yield the answer, and a property for each step of its evidence."""
    use = component.use
    if use is None:
        return
    yield "gate:in_use", use.in_use.value
    if use.doubt:
        yield "gate:in_use_doubt", use.doubt.value
    for step in use.evidence:
        yield "gate:in_use_evidence", step


def _licenses(text: str | None) -> list[dict[str, Any]] | None:
    if not text:
        return None
    expression = spdx_expression(text)
    return [{"expression": expression}] if expression else [{"license": {"name": text}}]


def _occurrence(path: str, line: int | None) -> dict[str, Any]:
    return {"location": path, "line": line} if line else {"location": path}


def _dependencies(parts: Sequence[TargetComponents]) -> list[dict[str, Any]]:
    needs: dict[str, list[str]] = {_ALL: [part.ref for part in parts]} if len(parts) != 1 else {}
    for part in parts:
        needs[part.ref] = []
        needs |= {one.ref: [] for one in part.components}
        for dependent, dependency in part.edges:
            needs[dependent].append(dependency)
    return [{"ref": ref, "dependsOn": below} if below else {"ref": ref} for ref, below in needs.items()]


def _composition(part: TargetComponents) -> dict[str, Any]:
    """Return how complete the components are. Dependencies are never complete: packages state one chain each."""
    aggregate = "unknown" if part.inventory.is_complete else "incomplete"
    return {"aggregate": aggregate, "assemblies": [part.ref], "dependencies": [part.ref]}
