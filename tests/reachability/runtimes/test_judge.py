"""Findings with the answer, and what is left of them.

Goes through `gate/advisories/about.py`, `gate/reachability/runtimes/walk/per_image.py`.
"""

import msgspec

from gate.advisories.about import facts_of_use
from gate.model import Finding, InUse, Location, Package, PackageUse, Severity, Vulnerability
from gate.reachability.runtimes.judge import with_use


def finding(name, severity=Severity.HIGH, fixed=("2",)):
    package = Package(name=name, version="1", ecosystem="PyPI", purl=f"pkg:pypi/{name}@1", path=f"{name}/METADATA")
    return Finding(
        stage="image",
        rule="X-1",
        severity=severity,
        title="",
        message="",
        fingerprint=name,
        location=Location(target="x"),
        package=package,
        vulnerability=Vulnerability(id="X-1", fixed_versions=fixed),
    )


FINDINGS = [finding("used"), finding("idle"), finding("old", fixed=()), finding("small", Severity.LOW)]
STATES = [InUse.YES, InUse.NO, InUse.YES, InUse.YES]


def judged():
    states = tuple(PackageUse(state, (f"because {state.value}",)) for state in STATES)
    packages = tuple(one.package for one in FINDINGS)
    return list(with_use([*FINDINGS, msgspec.structs.replace(FINDINGS[0], package=None)], packages, states, {}))


def test_findings_on_packages_carry_the_answer_and_its_evidence():
    assert [one.in_use for one in judged()] == [*STATES, None]
    assert judged()[1].in_use_evidence == ("because no",)


def test_the_fact_counts_what_is_serious_fixable_and_in_use():
    numbers = "3 high or critical, 2 with a fix, 1 of these in use, 1 not in use, 0 unknown"
    assert facts_of_use(judged()[:4], 4, 0) == {"in_use": numbers}
    left = "1 package not judged, as there are no advisories"
    assert facts_of_use(judged()[:4], 5, 1) == {"in_use": f"{numbers}; {left}"}


def test_nothing_is_counted_where_no_package_could_be_looked_up():
    assert facts_of_use([], 4, 4) == {"in_use": "not judged, as there are no advisories"}
