"""What a change makes of the base's settings: what tightens counts at once, what loosens is only reported."""

from typing import Any

import pytest

from gate.model import Finding, Location, Severity
from gate.policy.tightening import Difference, tightened

NO_PRAGMAS = {"stages": {"dockerfile": {"no_pragmas": True}}}


def never_raised(rule: str, level: str) -> bool:
    return False


def found(path: str, *, stage: str = "secrets", rule: str = "R", target: str = "shop") -> Finding:
    return Finding(
        stage=stage,
        rule=rule,
        severity=Severity.HIGH,
        title="t",
        message="m",
        fingerprint=f"{stage} {rule} {path}",
        location=Location(target=target, path=path, line=1),
    )


def secrets(**said: Any) -> dict[str, Any]:
    return {"stages": {"secrets": said}}


@pytest.mark.parametrize(
    ("base", "head", "holds"),
    [
        ({}, {}, {}),
        (secrets(enabled=False), secrets(enabled=True), secrets(enabled=True)),
        (secrets(enabled=False), {}, secrets(enabled=True)),
        (secrets(ignore=["a/**", "b/**"]), secrets(ignore=["a/**"]), secrets(ignore=["a/**"])),
        (
            {"jobs": 2, **secrets(ignore=["a/**"], enabled=False)},
            secrets(ignore=["a/**"]),
            {"jobs": 2, **secrets(ignore=["a/**"], enabled=True)},
        ),
        ({"jobs": 2}, NO_PRAGMAS, {"jobs": 2, **NO_PRAGMAS}),
    ],
)
def test_what_tightens_counts_and_leaves_all_else_as_the_base_says_it(
    base: dict[str, Any], head: dict[str, Any], holds: dict[str, Any]
) -> None:
    tight, differences = tightened(base, [head], never_raised)
    assert tight == holds
    assert [one.name for one in differences] == []


@pytest.mark.parametrize(
    ("base", "head", "what"),
    [
        ({}, secrets(enabled=False), "stages.secrets.enabled: false"),
        (secrets(ignore=["a/**"]), secrets(ignore=["a/**", "b/**"]), 'stages.secrets.ignore: ["a/**","b/**"]'),
        ({}, {"stages": {"dockerfile": {"rules": {"DL3006": "off"}}}}, 'stages.dockerfile.rules: {"DL3006":"off"}'),
    ],
)
def test_what_loosens_is_reported_and_does_not_count(base: dict[str, Any], head: dict[str, Any], what: str) -> None:
    tight, differences = tightened(base, [head], never_raised)
    assert tight == base
    assert [str(one) for one in differences] == [what]


def test_what_decides_nothing_is_no_difference() -> None:
    assert tightened({"jobs": 1}, [{"jobs": 8, "quiet": True}], never_raised) == ({"jobs": 1}, ())


def test_of_several_sides_all_tighten_and_the_last_is_reported() -> None:
    """The tip of the branch tightens too; what it loosens is not the change's."""
    tip = {"stages": {"secrets": {"enabled": False}, "dockerfile": {"no_pragmas": True}}}
    tight, differences = tightened({}, [tip, secrets(ignore=["a/**"])], never_raised)
    assert tight == NO_PRAGMAS
    assert [one.name for one in differences if one.key[1] == "secrets"] == ["stages.secrets.ignore"]


@pytest.mark.parametrize(
    ("is_raised", "holds"), [(True, {"DL3007": "high", "DL3006": "low"}), (False, {"DL3006": "low"})]
)
def test_a_level_that_a_change_gives_a_rule_counts_if_it_is_no_lower_than_the_rule_s_own(
    is_raised: bool, holds: dict[str, str]
) -> None:
    base, head = (
        {"stages": {"dockerfile": {"rules": rules}}}
        for rules in ({"DL3006": "low"}, {"DL3006": "off", "DL3007": "high"})
    )
    tight, _ = tightened(base, [head], lambda rule, level: is_raised and (rule, level) == ("DL3007", "high"))
    assert tight["stages"]["dockerfile"]["rules"] == holds


@pytest.mark.parametrize(
    ("key", "base", "head", "passes"),
    [
        (("stages", "secrets", "enabled"), True, False, {"secrets R a/x", "secrets R b/x", "secrets S a/x"}),
        (("stages", "secrets", "ignore"), ["b/**"], ["a/**", "b/**"], {"secrets R a/x", "secrets S a/x"}),
        (("stages", "secrets", "paths"), [], ["a/**"], {"secrets R b/x"}),
        (("stages", "secrets", "rules"), {"R": "high"}, {"R": "high", "S": "off"}, {"secrets S a/x"}),
        (("images",), [{"ref": "api"}, {"ref": "web"}], [{"ref": "web"}], {"image R layer"}),
        (("stages", "secrets", "baseline"), "a", "b", None),
        (("advisories", "source"), "a", "b", None),
    ],
)
def test_what_would_pass_by_a_setting_is_counted_where_it_can_be(
    key: tuple[str, ...], base: Any, head: Any, passes: set[str] | None
) -> None:
    findings = [
        *(found("a/x"), found("a/x"), found("b/x"), found("a/x", rule="S"), found("a/x", stage="dockerfile")),
        *(found("layer", stage="image", target="api"), found("rootfs", stage="image", target="web")),
    ]
    passing = Difference(key, base, head).passes(findings)
    assert (None if passing is None else set(passing)) == passes
    assert passing is None or len(passing) == len(set(passing))


def test_a_long_value_is_cut() -> None:
    assert (
        len(str(Difference(("stages", "secrets", "ignore"), [], ["a" * 500]))) == len("stages.secrets.ignore: ") + 200
    )
