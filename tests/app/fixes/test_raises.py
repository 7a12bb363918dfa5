"""Which raises follow from findings, and which of them may break code."""

import pytest

from gate.app.fixes.raises import is_breaking, raises_of
from gate.model import Finding, Fix, Location, Package, Severity, Status


@pytest.mark.parametrize(
    ("version", "to", "breaks"),
    [
        ("4.17.15", "4.17.21", False),
        ("4.17.15", "4.20.0", False),
        ("4.17.15", "5.0.0", True),
        ("0.3.1", "0.3.9", False),
        ("0.3.1", "0.4.0", True),
        ("0.0.1", "0.0.2", True),
        ("v1.2.3", "v1.9.0", False),
        ("2024.1.1", "2025.1.1", True),
        ("1.2", "1.2.1", False),
    ],
)
def test_the_first_number_that_is_not_0_says_what_may_break(version: str, to: str, breaks: bool) -> None:
    assert is_breaking(version, to) is breaks


def finding(rule: str, to: str | None, status: Status = Status.NEW, path: str = "uv.lock") -> Finding:
    package = Package(name="jinja2", version="3.1.2", ecosystem="PyPI", purl="pkg:pypi/jinja2@3.1.2", path=path, line=4)
    return Finding(
        stage="dependencies",
        rule=rule,
        severity=Severity.HIGH,
        title="",
        message="",
        fingerprint="0" * 32,
        location=Location(target="tree", path=path),
        package=package,
        status=status,
        blocking=rule == "GHSA-1",
        fix=Fix(description="", version=to, command="uv add jinja2") if to else None,
    )


def test_findings_on_one_package_are_one_raise_to_the_highest_version() -> None:
    found = [finding("GHSA-1", "3.1.9"), finding("GHSA-2", "3.1.10"), finding("GHSA-3", None)]
    ((raised,),) = raises_of(found).values()
    assert (raised.name, raised.version, raised.to, raised.rules) == ("jinja2", "3.1.2", "3.1.10", ("GHSA-1", "GHSA-2"))
    assert (raised.blocking, raised.line, raised.command) == (1, 4, "uv add jinja2")


def test_what_is_waived_known_or_not_named_is_not_raised() -> None:
    found = [finding("GHSA-1", "3.1.9"), finding("GHSA-2", "3.1.10", Status.WAIVED)]
    ((raised,),) = raises_of(found).values()
    assert raised.rules == ("GHSA-1",)
    assert raises_of(found, ("GHSA-2",)) == {}
    assert list(raises_of(found, ("GHSA-1",))) == ["uv.lock"]
