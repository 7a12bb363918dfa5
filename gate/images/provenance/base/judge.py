"""Findings with their origin, and what is to be said of where an image comes from."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import msgspec

from gate.images.provenance.base import Ancestry, PackageName
from gate.images.provenance.base.rules import RULES, Descent
from gate.model import Fact, Finding, Origin
from gate.rules import ask, finding_of


def with_origins(findings: Sequence[Finding], ancestry: Ancestry) -> list[Finding]:
    """Say of each finding whether the base brought it or the layers over it, as far as the layers tell."""
    base = ancestry.base
    if base is None or not base.layers:
        return list(findings)
    inherited = frozenset(ancestry.base_packages or ())
    return [msgspec.structs.replace(one, origin=_origin(one, ancestry, inherited)) for one in findings]


def _origin(finding: Finding, ancestry: Ancestry, inherited: frozenset[PackageName]) -> Origin | None:
    package, layer = finding.package, finding.location.layer
    if package and PackageName.of(package) in inherited:
        return Origin.BASE
    if layer is None or ancestry.base is None:
        return None
    if layer in ancestry.base.layers:
        return Origin.BASE
    return None if package and ancestry.base_packages is None else Origin.OWN


def findings_on(
    ancestry: Ancestry, marked: Sequence[Finding], *, target: str, now: datetime, longest: timedelta | None
) -> Iterator[Finding]:
    """Yield what the origin itself gives reason to say; `marked` are the findings with their origins."""
    descent = Descent(ancestry, marked, now, longest)
    return (finding_of(rule, hit, target) for rule, hit in ask(RULES, descent))


def facts_on(ancestry: Ancestry) -> dict[str, Fact]:
    """Return what is known of the origin."""
    base = ancestry.base
    facts: dict[str, Fact | None] = {"chain_id": ancestry.chain_id, "created": ancestry.created}
    if base is not None:
        facts |= {
            "base": base.name,
            "base_digest": base.digest,
            "base_known_by": base.known_by,
            "base_layers": len(base.layers) or None,
        }
    return {name: value for name, value in facts.items() if value is not None}
