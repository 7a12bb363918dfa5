"""A bill of materials in JSON of the gate's own, for programs that want the answers and no standard around them."""

from collections.abc import Sequence
from typing import Any

from gate.core.json_text import json_bytes
from gate.model import PackageUse, Tool
from gate.reports.sbom.components import TargetComponent, TargetComponents

SCHEMA_VERSION = "1.0"


def bill_of(parts: Sequence[TargetComponents], tool: Tool) -> dict[str, Any]:
    """Return the document: the targets in their order, each with its packages by name."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": tool.name, "version": tool.version},
        "targets": [_target(part) for part in parts],
    }


def _target(part: TargetComponents) -> dict[str, Any]:
    parties = [party.text for party in part.inventory.third_parties]
    return {
        "target": part.inventory.target,
        "kind": part.inventory.kind,
        "is_complete": part.inventory.is_complete,
        "read_at": part.inventory.read_at,
        "packages": [_package(one) for one in part.components],
        **({"third_parties": parties} if parties else {}),
    }


def _package(component: TargetComponent) -> dict[str, Any]:
    package = component.package
    stated = {
        "name": package.name,
        "version": package.version,
        "ecosystem": package.ecosystem,
        "purl": package.purl,
        "scope": package.scope.value,
        "license": package.license,
        "source": component.source,
        "paths": [path for path, _ in component.places],
    }
    return stated | (_in_use(component.use) if component.use else {})


def _in_use(use: PackageUse) -> dict[str, Any]:
    doubt = use.doubt.value if use.doubt else None
    return {"in_use": use.in_use.value, "in_use_doubt": doubt, "in_use_evidence": list(use.evidence)}


def statement_on(use: PackageUse) -> str:
    """Return an answer as JSON on one line, for formats whose annotations are texts."""
    stated = {f"gate:{name}": value for name, value in _in_use(use).items() if value is not None}
    return json_bytes(stated).decode()
