"""What a VEX document clears is ignored, told and never lost; malicious packages are not cleared."""

from datetime import UTC, datetime
from typing import Any

import pytest

from gate.model import Finding, Location, Package, Severity, StageResult, Status, Vulnerability
from gate.policy.decide import Policy, decide
from gate.policy.layers import PolicySource, layers_of
from gate.policy.waivers import Waiver
from gate.settings.policy import Condition, PolicySettings, Rule

REASON = "not affected: vulnerable code not present (vex.json)"
ORGANISATION = PolicySettings(rules=(Rule(id="no-vex", why="We look ourselves.", when=Condition(vex=True)),))


def judged(
    rule: str = "GHSA-1",
    vex: str | None = REASON,
    above: PolicySettings | None = None,
    malicious: bool = False,
    **more: Any,
) -> Finding:
    finding = Finding(
        stage="dependencies",
        rule=rule,
        severity=Severity.CRITICAL,
        title="t",
        message="m",
        fingerprint="f1",
        location=Location(target="shop"),
        package=Package(name="a", version="1", ecosystem="npm", purl="pkg:npm/a@1"),
        vulnerability=Vulnerability(id=rule, known_exploited=True, malicious=malicious),
        vex=vex,
    )
    layers = layers_of(
        PolicySource("gate.yaml", PolicySettings()), [PolicySource("organisation", above)] if above else []
    )
    result = StageResult(stage="dependencies", target="shop", findings=(finding,))
    (found,) = decide([result], Policy(layers=layers, **more), datetime(2026, 11, 24, tzinfo=UTC)).findings
    return found


def test_what_is_cleared_is_ignored_with_its_reason() -> None:
    found = judged()
    assert (found.status, found.blocking, found.decided_by, found.vex) == (Status.IGNORED, False, "vex", REASON)
    assert judged(vex=None).blocking


def test_an_organisation_may_block_what_a_project_clears() -> None:
    assert judged(above=ORGANISATION).blocking


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"existing": frozenset({"f1"})},
        {"waivers": (Waiver(fingerprint="f1", reason="r", owner="o", until="2026-12-31"),)},
    ],
    ids=["cleared", "there before", "waived"],
)
def test_a_malicious_package_blocks_whatever_is_said_of_it(more: dict[str, Any]) -> None:
    assert judged("MAL-2026-1", **more).blocking
    assert judged("RUSTSEC-2026-1", malicious=True, **more).blocking
