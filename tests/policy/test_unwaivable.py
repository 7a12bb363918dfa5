"""What no waiver can accept: decided by the policy's layers, and the same as `decide` does with a waiver."""

from datetime import UTC, datetime

import msgspec
import pytest

from gate.model import Finding, Location, Package, Severity, StageResult, Status, Vulnerability
from gate.policy.decide import Policy, decide
from gate.policy.layers import PolicySource, layers_of
from gate.policy.unwaivable import unwaivable
from gate.policy.waivers import Waiver
from gate.settings.policy import Organisation, PolicySettings

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LATEST = Finding(
    stage="dockerfile",
    rule="GD008",
    severity=Severity.HIGH,
    title="t",
    message="m",
    fingerprint="f1",
    location=Location(target="shop", path="api/Dockerfile", line=1),
)
MALWARE = Finding(
    stage="dependencies",
    rule="MAL-1",
    severity=Severity.CRITICAL,
    title="t",
    message="m",
    fingerprint="f2",
    location=Location(target="shop", path="package-lock.json", line=1),
    package=Package(name="lodahs", version="1.0", ecosystem="npm", purl="pkg:npm/lodahs@1.0"),
    vulnerability=Vulnerability(id="MAL-1", malicious=True),
)


@pytest.mark.parametrize(
    ("organisation", "refused"),
    [
        ({}, {"f2"}),
        ({"waivers": {"never": ["serious-configuration"]}}, {"f1", "f2"}),
        ({"waivers": {"rules": ["MAL-*"]}}, {"f1", "f2"}),
        ({"waivers": {"rules": ["GD*"]}}, {"f2"}),
    ],
)
def test_it_says_of_what_blocks_why_nothing_can_waive_it(organisation: dict[str, object], refused: set[str]) -> None:
    above = PolicySource("org.yaml", msgspec.convert(organisation, Organisation))
    layers = layers_of(PolicySource("gate.yaml", PolicySettings()), [above])
    result = StageResult(stage="dockerfile", target="shop", findings=(LATEST, MALWARE))
    policy = Policy(layers=layers)
    judged = decide([result], policy, NOW).findings
    why = unwaivable(judged, policy, NOW)
    assert why.keys() == refused
    assert all(why.values())
    waivers = tuple(Waiver(fingerprint=one, owner="o", reason="r", until="2099-01-01") for one in ("f1", "f2"))
    waived = decide([result], msgspec.structs.replace(policy, waivers=waivers), NOW).findings
    assert {one.fingerprint for one in waived if one.status is not Status.WAIVED} == refused
