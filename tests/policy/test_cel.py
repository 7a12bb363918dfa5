"""Conditions in CEL."""

from typing import Any

import pytest

from gate.core.errors import ConfigError
from gate.model import Finding, Severity
from gate.policy.cel import compiled, is_true
from gate.policy.conditions import DecisionCase
from gate.policy.layers import checked
from gate.settings.policy import Condition, PolicySettings, Rule
from tests.policy.test_decide import NOW, finding, judge, vulnerable

pytest.importorskip("cel_expr_python")


@pytest.mark.parametrize(
    ("text", "about", "holds"),
    [
        ('finding.severity == "high"', finding(severity=Severity.HIGH), True),
        ('finding.severity in ["low", "info"]', finding(severity=Severity.HIGH), False),
        ('finding.location.path.startsWith("api/")', finding(), True),
        ('finding.package != null && finding.package.name.matches("^lod")', vulnerable(), True),
        ('finding.package != null && finding.package.name.matches("^lod")', finding(), False),
        ("finding.age_days != null && finding.age_days > 3", finding(first_seen="2026-11-01"), True),
        ("finding.age_days != null && finding.age_days > 3", finding(), False),
        ("finding.vulnerability.cvss >= 7.0", vulnerable(), True),
    ],
)
def test_an_expression_sees_the_finding_as_the_report_shows_it(text: str, about: Finding, holds: bool) -> None:
    assert is_true(text, about, DecisionCase(about, True, NOW).age) is holds


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("finding.", "cannot be understood"),
        ("other.severity", "undeclared reference to 'other"),
        ('"high"', "has to be true or false"),
        ("1 + 2", "has to be true or false"),
        ("true" + " || true" * 500, "more than 2,000 characters"),
    ],
)
def test_what_is_no_condition_is_an_error_of_its_rule(text: str, why: str) -> None:
    policy = PolicySettings(rules=(Rule(id="own", why="w", when=Condition(cel=text)),))
    with pytest.raises(ConfigError, match=f"gate.yaml: rule own: .*{why}"):
        checked(policy, "gate.yaml")


@pytest.mark.parametrize("text", ["finding.package.name == 'x'", "finding.nothing", "finding.severity"])
def test_what_is_neither_true_nor_false_of_a_finding_is_an_error_and_no_pass(text: str) -> None:
    with pytest.raises(ConfigError, match="neither true nor false"):
        is_true(text, finding(), None)


def test_an_expression_that_goes_round_without_end_is_an_error() -> None:
    text = "true"
    for number in range(5):
        text = f"[{','.join('0' * 60)}].all(x{number}, {text})"

    with pytest.raises(ConfigError, match="cannot be evaluated"):
        is_true(text, finding(), None)


def test_a_rule_in_cel_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    own: Any = Rule(id="own", why="w", when=Condition(cel='finding.rule == "DL3007"', severity=Severity.INFO))
    low = finding(severity=Severity.LOW)
    for _ in range(2):
        assert judge(low, rules=(own,)).findings[0].decided_by == "own"
    assert compiled.cache_info().hits
