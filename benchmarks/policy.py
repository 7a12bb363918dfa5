"""What a decision costs: 100,000 findings under two layers of rules, with waivers and what was there before.

python benchmarks/policy.py
"""

import time
from datetime import UTC, datetime

from gate.model import Finding, InUse, Location, Package, Severity, StageResult, Vulnerability
from gate.policy.decide import Policy, decide
from gate.policy.layers import PolicySource, layers_of
from gate.policy.waivers import Waiver
from gate.settings.policy import Condition, PolicySettings, Rule

FINDINGS = 100_000
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def finding(number: int) -> Finding:
    """Return a vulnerability or a Dockerfile finding; rules, packages and files repeat as they do in a real report."""
    severity = list(Severity)[number % 5]
    common = {"severity": severity, "title": "t", "message": "m", "fingerprint": f"f{number}"}
    if number % 2:
        place = Location(target="shop", path=f"service{number % 50}/Dockerfile", line=number % 90 + 1)
        return Finding(stage="dockerfile", rule=f"DL{3000 + number % 60}", location=place, **common)  # type: ignore[arg-type]
    name = f"package{number % 700}"
    rule = f"GHSA-{number % 4000}"
    return Finding(
        stage="dependencies",
        rule=rule,
        location=Location(target="shop", path=f"service{number % 50}/package-lock.json", line=number),
        package=Package(name=name, version="1.0", ecosystem="npm", purl=f"pkg:npm/{name}@1.0"),
        vulnerability=Vulnerability(id=rule, aliases=(f"CVE-2024-{number % 4000}",), fixed_versions=("2.0",)),
        in_use=InUse.UNKNOWN,
        **common,  # type: ignore[arg-type]
    )


def policy() -> Policy:
    """Return two layers, the built-in rules among them, 1,000 waivers of findings and 5 of rules."""
    rules = tuple(
        Rule(id=f"own{n}", why="w", when=Condition(path=f"legacy{n}/**", severity=Severity.LOW)) for n in range(5)
    )
    common = {"reason": "r", "owner": "o", "until": "2099-01-01"}
    return Policy(
        layers=layers_of(
            PolicySource("gate.yaml", PolicySettings(rules=rules)), [PolicySource("org.yaml", PolicySettings())]
        ),
        waivers=(
            *(Waiver(fingerprint=f"f{number}", **common) for number in range(1000)),
            *(Waiver(rule=f"CVE-2023-{number}", path="legacy/**", **common) for number in range(5)),
        ),
        existing=frozenset(f"f{number}" for number in range(50_000, 60_000)),
    )


def main() -> None:
    """Print the least CPU time of five decisions."""
    results = [StageResult(stage="dependencies", target="shop", findings=tuple(map(finding, range(FINDINGS))))]
    under = policy()
    times = []
    for _ in range(5):
        started = time.process_time()
        decide(results, under, NOW)
        times.append(time.process_time() - started)
    print(f"{FINDINGS:,} findings judged in {min(times):.2f} s of CPU (least of {len(times)})")


if __name__ == "__main__":
    main()
