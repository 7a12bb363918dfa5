"""Findings on packages that may be others than whoever asks for them thinks."""

from collections.abc import Callable
from typing import Any

import pytest

from gate.model import Confidence, Finding, Package, Severity
from gate.package_rules.confusion import Internal, confused

Make = Callable[..., Any]
INNER = "https://npm.packages.example/"
INTERNAL = Internal(names=("@acme/*", "acme-*"), registries=(INNER,))


def findings(*packages: Package, internal: Internal = INTERNAL) -> list[Finding]:
    return list(confused(packages, internal, stage="dependencies", target="tree"))


def test_a_near_name_is_a_finding_at_its_line(package: Make) -> None:
    (finding,) = findings(package("PyPI", "reqeusts", "2.0", path="requirements.txt", line=3, direct=True))
    assert (finding.rule, finding.severity, finding.confidence) == ("GP001", Severity.MEDIUM, Confidence.MEDIUM)
    assert finding.title == "reqeusts: nearly the name of requests"
    assert (finding.location.path, finding.location.line, finding.blocking) == ("requirements.txt", 3, False)
    assert finding.fix is not None
    assert finding.fix.description == "Use requests if you meant it; otherwise waive the finding"


def test_what_a_package_brings_in_was_mistyped_by_nobody_here(package: Make) -> None:
    (finding,) = findings(package("npm", "mongose", "1.0.0", direct=False))
    assert finding.confidence is Confidence.LOW


def test_a_name_is_told_once_a_file(package: Make) -> None:
    twice = [package("npm", "loadsh", version, path="package-lock.json") for version in ("1.0.0", "2.0.0")]
    assert len(findings(*twice)) == 1
    assert len(findings(*twice, package("npm", "loadsh", "1.0.0", path="web/package-lock.json"))) == 2


@pytest.mark.parametrize(
    ("name", "registry", "rules"),
    [
        ("@acme/ui", "https://public.packages.example/@acme/ui", ["GP002"]),
        ("@acme/ui", f"{INNER}@acme/ui/-/ui-1.0.0.tgz", []),
        ("@acme/ui", None, []),
        ("acme-tools", "https://public.packages.example/", ["GP002"]),
        ("Acme-Tools", "https://public.packages.example/", []),
        ("other", "https://public.packages.example/", []),
    ],
)
def test_an_internal_name_comes_from_an_internal_registry(
    package: Make, name: str, registry: str | None, rules: list[str]
) -> None:
    found = findings(package("npm", name, "1.0.0", registry=registry))
    assert [finding.rule for finding in found] == rules


def test_of_two_versions_in_a_file_the_second_can_come_from_elsewhere(package: Make) -> None:
    own = package("npm", "@acme/ui", "1.0.0", registry=f"{INNER}@acme/ui/-/ui-1.0.0.tgz")
    foreign = package("npm", "@acme/ui", "2.0.0", registry="https://public.packages.example/@acme/ui")
    assert [finding.rule for finding in findings(own, foreign)] == ["GP002"]


def test_internal_names_are_compared_as_the_ecosystem_does(package: Make) -> None:
    foreign = package("PyPI", "acme-tools", "1.0", registry="https://public.packages.example/simple")
    (finding,) = findings(foreign, internal=Internal(names=("Acme_Tools",), registries=(INNER,)))
    assert (finding.severity, finding.confidence) == (Severity.HIGH, Confidence.MEDIUM)
    assert "takes it from https://public.packages.example/simple" in finding.message
