"""What is a finding of what trusted keys say, and of what they do not say."""

from typing import Any

import pytest

from gate.images.provenance.base import PackageName
from gate.images.provenance.signatures import TrustedSigners, Vouched
from gate.images.provenance.signatures.drift import drift_of
from gate.images.provenance.signatures.judge import facts_on, findings_on
from gate.model import Package

LODASH, BASH = PackageName("npm", "lodash", "4.17.15"), PackageName("Debian:12", "bash", "5.2")
THERE = [
    Package(name=one.name, version=one.version, ecosystem=one.ecosystem, purl=f"pkg:{kind}/x")
    for kind, one in (("npm", LODASH), ("deb", BASH))
]


def found(vouched: Vouched, **trust: Any) -> dict[str, str]:
    return {one.rule: one.message for one in findings_on(vouched, TrustedSigners(keys=("k",), **trust), THERE, "api")}


@pytest.mark.parametrize(
    ("vouched", "why"),
    [
        (Vouched(), "It is in no registry under its name, so nothing can be attached to it"),
        (Vouched(is_in_registry=True), "No signature is attached to it"),
        (
            Vouched(is_in_registry=True, foreign=2),
            "2 signatures and attestations are attached to it, none of them a trusted signature",
        ),
    ],
)
def test_a_required_signature_that_is_not_there(vouched: Vouched, why: str) -> None:
    assert found(vouched, required=True) == {"GI070": why}
    assert found(vouched) == {}


def test_why_the_bundles_of_identities_are_refused() -> None:
    vouched = Vouched(is_in_registry=True, foreign=4, refusals=("a", "b", "c", "d"))
    assert found(vouched, required=True, builders=("https://ci.example.com/*",)) == {
        "GI070": "4 signatures and attestations are attached to it, none of them a trusted signature: a; b; c",
        "GI071": "No signed provenance names one of the trusted builders: a; b; c",
    }


def test_a_required_signature_that_is_there() -> None:
    assert found(Vouched(is_in_registry=True, signed_by=("k",)), required=True) == {}


@pytest.mark.parametrize(
    ("builders", "is_told"),
    [((), True), (("https://ci.example.com/b",), False), (("https://elsewhere.example/ci.example.com",), True)],
)
def test_one_of_the_trusted_builders_has_to_be_named(builders: tuple[str, ...], *, is_told: bool) -> None:
    assert ("GI071" in found(Vouched(builders=builders), builders=("https://ci.example.com/*",))) is is_told


def test_a_bill_of_materials_that_says_something_else() -> None:
    assert found(Vouched(sboms=((BASH, LODASH),))) == {}
    listed = (PackageName("npm", "lodash", "4.17.21"), PackageName("PyPI", "requests", "2"))
    assert found(Vouched(sboms=(listed,))) == {
        "GI072": "1 package not listed: bash (Debian:12); 1 package listed and not there: requests (PyPI); "
        "1 package there in another version: lodash (npm)"
    }


def test_what_belongs_to_a_package_of_the_distribution_may_be_listed_as_well() -> None:
    listed = (BASH, LODASH, PackageName("PyPI", "packaging", "1"), PackageName("Debian:12", "gone", "1"))
    vouched = Vouched(sboms=(listed,))
    (finding,) = findings_on(vouched, TrustedSigners(keys=("k",)), THERE, "api", has_owned=True)
    assert finding.message == "1 package listed and not there: gone (Debian:12)"


def test_of_many_packages_the_first_are_named() -> None:
    many = [PackageName("npm", f"p{number}", "1") for number in range(8)]
    assert (
        str(drift_of(many, [])) == "8 packages not listed: p0 (npm), p1 (npm), p2 (npm), p3 (npm), p4 (npm) and 3 more"
    )


def test_facts_say_who_vouches() -> None:
    vouched = Vouched(is_in_registry=True, signed_by=("k",), builders=("b",), predicates=("p",), foreign=1)
    assert facts_on(vouched) == {"signed_by": ["k"], "builders": ["b"], "attested": ["p"], "signatures_of_others": 1}
