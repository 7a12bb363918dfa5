"""The reference page lists every rule with its severity and title."""

from pathlib import Path

import pytest

from gate.dockerfile.rule import Rule
from gate.dockerfile.rules import all_rules

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "dockerfile.md"


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_rule_is_in_the_reference(rule: Rule) -> None:
    text = rule.description
    assert f"| {text.id} | {text.severity.value} | {text.title} |" in PAGE.read_text(encoding="utf-8")
