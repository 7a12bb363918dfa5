"""The reference pages name everything that there is."""

from pathlib import Path

import pytest

from gate.cli import COMMANDS, rules_page
from gate.cli.rules import describe_rules
from gate.policy.layers import built_in
from gate.policy.rules import Condition
from gate.reports import FORMATS
from gate.settings import Settings
from gate.settings_options import options
from gate.stages import STAGES

DOCS = Path(__file__).parents[1] / "docs"


def page(name: str) -> str:
    return (DOCS / "reference" / name).read_text()


@pytest.mark.parametrize("option", options(), ids=lambda option: option.flag)
def test_every_setting_is_documented(option) -> None:  # type: ignore[no-untyped-def]
    text = page("settings.md")
    flag = option.flag
    for stage in STAGES:
        if option.key[-1] in ("paths", "ignore"):
            flag = flag.replace(f"--{stage}-", "--NAME-")
    assert f"`{flag}`" in text


@pytest.mark.parametrize("key", Condition.__struct_fields__)
def test_every_condition_is_documented(key: str) -> None:
    assert f"| `{key}` |" in page("policy.md")


def test_every_built_in_rule_is_documented() -> None:
    assert all(f"| `{rule.id}` |" in page("policy.md") for rule in built_in().rules)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command: str) -> None:
    assert f"gate {command}" in page("command-line.md")


@pytest.mark.parametrize("name", FORMATS)
def test_every_report_format_is_documented(name: str) -> None:
    assert f"`{name}`" in page("reports.md")


def test_the_page_of_the_rules_is_what_the_rules_say() -> None:
    made = "".join(rules_page.page(describe_rules(STAGES, Settings())))
    assert page("rules.md") == made, "run `make docs`"
