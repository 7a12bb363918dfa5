"""The reference has the table of formats as the readers have it."""

from pathlib import Path

import pytest

from gate.workspace.formats import reference_rows
from gate.workspace.rules import all_rules

PAGE = (Path(__file__).parents[2] / "docs/reference/workspace.md").read_text(encoding="utf-8")

pytestmark = pytest.mark.one_python


@pytest.mark.parametrize("row", reference_rows())
def test_each_format_is_documented_as_it_is_read(row: str) -> None:
    assert row in PAGE.splitlines()


@pytest.mark.parametrize("rule", [rule.description for rule in all_rules()], ids=lambda rule: rule.id)
def test_each_rule_has_a_row(rule: object) -> None:
    about = rule
    assert f"| {about.id} | {about.severity.value} | {about.title} |" in PAGE.splitlines()  # type: ignore[attr-defined]
