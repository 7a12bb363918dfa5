"""The commands that accept what blocks: each is executed here, and has to cover its group and no more than it must."""

import shlex
from collections.abc import Callable

import pytest

from gate.model import Finding, Location, Package, Severity, Vulnerability
from gate.policy.waivers import Waiver, check
from gate.reports.groups import grouped
from gate.reports.waiver_commands import WaiverCommands

Make = Callable[..., Finding]


def _waivers(commands: list[str], findings: list[Finding]) -> list[Waiver]:
    """Return the waivers that the commands write, as `gate waive` reads them."""
    return [_waiver(shlex.split(command), findings) for command in commands]


def _waiver(words: list[str], findings: list[Finding]) -> Waiver:
    assert words[:2] == ["gate", "waive"]
    rest = words[2:]
    fields: dict[str, str] = {}
    if not rest[0].startswith("-"):
        (fields["fingerprint"],) = {one.fingerprint for one in findings if one.fingerprint.startswith(rest[0])}
        rest = rest[1:]
    fields |= {name.removeprefix("--"): value for name, value in zip(rest[::2], rest[1::2], strict=True)}
    matches = int(fields.pop("matches", "0")) or None
    waiver = Waiver(**{**fields, "until": "2099-01-01"}, matches=matches)  # type: ignore[arg-type]
    check(waiver, "here")
    return waiver


def _at(path: str, line: int = 1) -> Location:
    return Location(target="shop", path=path, line=line)


def _vulnerable(make: Make, name: str, rule: str, path: str = "a.lock") -> Finding:
    package = Package(name=name, version="1.0", ecosystem="npm", purl=f"pkg:npm/{name}@1.0")
    known = Vulnerability(id=rule, fixed_versions=("2.0",))
    return make(
        "dependencies", rule, Severity.HIGH, blocking=True, package=package, vulnerability=known, location=_at(path)
    )


@pytest.mark.parametrize(
    ("places", "number"),
    [
        ([("Dockerfile", 1)], 1),
        ([("Dockerfile", 1), ("Dockerfile", 7)], 1),
        ([("Dockerfile", 1), ("api/Dockerfile", 7), ("api/Dockerfile", 9)], 2),
        ([("a [draft]/Dockerfile", 1), ("b*", 2)], 2),
        ([("it's", 1)], 1),
        ([("-x", 1), ("-x", 2)], 2),
    ],
)
def test_the_places_of_a_rule_are_all_waived(make_finding: Make, places: list[tuple[str, int]], number: int) -> None:
    found = [make_finding("dockerfile", "GD008", Severity.HIGH, location=_at(*place)) for place in places]
    other = make_finding("dockerfile", "GD009", Severity.HIGH, location=_at(*places[0]))
    (group,) = grouped(found)
    waivers = _waivers(WaiverCommands([*found, other]).commands(group), found)
    assert len(waivers) == number
    assert all(any(waiver.covers(one) for waiver in waivers) for one in found)
    assert not any(waiver.covers(other) for waiver in waivers)


@pytest.mark.parametrize("rules", [1, 2, 3, 4, 20])
@pytest.mark.parametrize("paths", [1, 2])
def test_the_vulnerabilities_of_a_package_are_all_waived(make_finding: Make, rules: int, paths: int) -> None:
    found = [
        _vulnerable(make_finding, "@shop/lodash", f"GHSA-{rule}", f"{path}.lock")
        for rule in range(rules)
        for path in range(paths)
    ]
    other = _vulnerable(make_finding, "lodash", "GHSA-0")
    (group,) = grouped(found)
    waivers = _waivers(WaiverCommands([*found, other]).commands(group), found)
    assert len(waivers) <= 3
    assert all(any(waiver.covers(one) for waiver in waivers) for one in found)
    assert not any(waiver.covers(other) for waiver in waivers)


def test_a_waiver_of_whatever_a_package_has_counts_what_it_is_for_so_that_more_is_noticed(make_finding: Make) -> None:
    found = [_vulnerable(make_finding, "lodash", f"GHSA-{number}") for number in range(6)]
    (group,) = grouped(found[:4])
    (command,) = WaiverCommands(found).commands(group)
    assert "--matches 6 " in command


def test_a_name_that_a_shell_or_pattern_would_read_otherwise_is_not_written(make_finding: Make) -> None:
    found = [_vulnerable(make_finding, "$(rm -rf ~)*", "GHSA-1"), _vulnerable(make_finding, "$(rm -rf ~)*", "GHSA-2")]
    (group,) = grouped(found)
    commands = WaiverCommands(found).commands(group)
    assert "rm" not in " ".join(commands)
    assert all(any(waiver.covers(one) for waiver in _waivers(commands, found)) for one in found)


def test_a_group_that_would_need_many_commands_has_the_form_of_one(make_finding: Make) -> None:
    found = [
        make_finding("dockerfile", "R", Severity.HIGH, location=_at(f"{number}/Dockerfile")) for number in range(9)
    ]
    (group,) = grouped(found)
    (command,) = WaiverCommands(found).commands(group)
    assert command.startswith("gate waive FINGERPRINT --owner")
