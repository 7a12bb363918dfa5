"""Third parties of pipelines as services of CycloneDX (ECMA-424, section on services)."""

from collections.abc import Iterable, Sequence
from typing import Any

from gate.model import PipelineParty
from gate.reports.sbom.components import TargetComponents

_CLASSES = {"code": "source code", "secrets": "secrets", "artifacts": "build artifacts", "results": "build results"}
"""What a party receives to the classification of the data."""


def services_of(parts: Sequence[TargetComponents]) -> list[dict[str, Any]]:
    """Return the services of all targets: a party of one kind, name and reference is one, wherever it is used."""
    return [service for part in parts for service in _of_target(part)]


def _of_target(part: TargetComponents) -> Iterable[dict[str, Any]]:
    grouped: dict[tuple[str, str, str], list[PipelineParty]] = {}
    for party in part.inventory.third_parties:
        grouped.setdefault(party.identity, []).append(party)
    for number, identity in enumerate(sorted(grouped), 1):
        yield _service(f"{part.ref}/service-{number}", grouped[identity])


def _service(ref: str, uses: Sequence[PipelineParty]) -> dict[str, Any]:
    party = uses[0]
    received = dict.fromkeys(one for use in uses for one in use.receives)
    stated = {
        "bom-ref": ref,
        "provider": {"name": party.owner} if party.owner else None,
        "name": party.name,
        "version": party.reference or None,
        "x-trust-boundary": True,
        "data": [{"flow": "outbound", "classification": _CLASSES.get(one, one)} for one in received] or None,
        "properties": _properties(party, uses),
    }
    return {name: value for name, value in stated.items() if value is not None}


def _properties(party: PipelineParty, uses: Sequence[PipelineParty]) -> list[dict[str, str]]:
    stated = [("gate:kind", party.kind)]
    if party.has_version:
        stated.append(("gate:pinned", "yes" if party.is_pinned else "no"))
    stated += dict.fromkeys(("gate:place", f"{use.path}:{use.line}") for use in uses)
    return [{"name": name, "value": value} for name, value in stated]
