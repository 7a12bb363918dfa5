"""What `gate rules` lists, and what `gate explain` says of a rule, a finding or an advisory.

Goes through `gate/advisories/texts.py`, `gate/policy/loosening_rules.py`.
"""

import json
import sys
from collections.abc import Iterator
from types import ModuleType

import msgspec
import pytest

from gate.cli import main
from gate.model import RuleDescription, Severity
from gate.settings import Settings
from gate.stages import STAGES, load_stage

SUDO = RuleDescription(
    id="DL3004",
    stage="dockerfile",
    severity=Severity.HIGH,
    title="sudo in an image",
    why="It gives the process more than it needs. " * 5,
    mend="Drop sudo.",
    references=("CWE-250", "https://docs.docker.com/build/building/best-practices/"),
    bad="RUN sudo make\n",
    good="RUN make\n",
)
LATEST = RuleDescription(
    id="DL3007", stage="dockerfile", severity=Severity.LOW, title="The latest tag", why="It moves.", mend="Pin it."
)
KEY = RuleDescription(
    id="SECRET-AWS", stage="secrets", severity=Severity.HIGH, title="AWS access key", why="It leaks.", mend="Revoke it."
)


@pytest.fixture
def _two_stages(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Replace the stages by two small ones, and leave out the rules on the gate itself."""
    monkeypatch.setattr("gate.policy.loosening_rules.RULES", {})
    before = dict(STAGES)
    STAGES.clear()
    for name, rules in {"dockerfile": [LATEST, SUDO], "secrets": [KEY]}.items():
        module = ModuleType(f"fake_stage_{name}")
        module.rules = lambda _settings, rules=rules: rules  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, module.__name__, module)
        STAGES[name] = module.__name__
    yield
    STAGES.clear()
    STAGES.update(before)  # in the order in which reports list them


@pytest.mark.usefixtures("_two_stages")
def test_rules_are_listed_in_columns_by_stage_and_id(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0
    assert capsys.readouterr().out == (
        "DL3004      high      dockerfile  sudo in an image\n"
        "DL3007      low       dockerfile  The latest tag\n"
        "SECRET-AWS  high      secrets     AWS access key\n"
    )


@pytest.mark.usefixtures("_two_stages")
def test_rules_of_one_stage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--stage", "secrets"]) == 0
    assert capsys.readouterr().out == "SECRET-AWS  high      secrets  AWS access key\n"


@pytest.mark.usefixtures("_two_stages")
def test_rules_as_json_hold_all_of_their_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--format", "json"]) == 0
    rules = json.loads(capsys.readouterr().out)
    assert [rule["id"] for rule in rules] == ["DL3004", "DL3007", "SECRET-AWS"]
    assert rules[0]["bad"] == "RUN sudo make\n"


@pytest.mark.usefixtures("_two_stages")
def test_an_unknown_stage_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--stage", "secret"]) == 2
    assert "secrets" in capsys.readouterr().err


@pytest.mark.usefixtures("_two_stages")
@pytest.mark.parametrize("rule_id", ["DL3004", "dl3004"])
def test_explain_says_why_how_to_mend_examples_and_references(rule_id: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", rule_id]) == 0
    text = capsys.readouterr().out
    assert text.startswith("DL3004  sudo in an image\nhigh severity, stage dockerfile\n\nWhy\n  It gives")
    assert "\n\nHow to fix it\n  Drop sudo.\n" in text
    assert "\n\nCaught\n  RUN sudo make\n\nFine\n  RUN make\n" in text
    assert text.endswith("References\n  CWE-250\n  https://docs.docker.com/build/building/best-practices/\n")
    assert max(map(len, text.splitlines())) <= 100


@pytest.mark.usefixtures("_two_stages")
def test_explain_leaves_out_what_a_rule_does_not_have(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "SECRET-AWS"]) == 0
    assert capsys.readouterr().out == (
        "SECRET-AWS  AWS access key\nhigh severity, stage secrets\n\nWhy\n  It leaks.\n\nHow to fix it\n  Revoke it.\n"
    )


@pytest.mark.usefixtures("_two_stages")
def test_explain_an_advisory_shows_the_rule_that_stands_for_it_and_where_to_read(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    every = msgspec.structs.replace(KEY, id="CVE-*, GHSA-*", title="Package with a published vulnerability")
    monkeypatch.setattr(sys.modules[STAGES["secrets"]], "rules", lambda _settings: [every])
    assert main(["explain", "GHSA-35jh-r3h4-6jhm"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("CVE-*, GHSA-*  Package with a published vulnerability\n")
    assert text.endswith("\nThe advisory itself: https://osv.dev/vulnerability/GHSA-35jh-r3h4-6jhm\n")


@pytest.mark.usefixtures("_two_stages")
@pytest.mark.parametrize(
    ("rule_id", "hint"),
    [
        ("DL3006", "Did you mean DL3007 or DL3004?"),
        ("secret_aws", "Did you mean SECRET-AWS?"),
        ("???", "`gate rules` lists them all"),
        ("GHSA-35jh-r3h4-6jhm", "https://osv.dev/vulnerability/GHSA-35jh-r3h4-6jhm"),
    ],
)
def test_an_unknown_rule_is_wrong_usage_with_the_way_on(
    rule_id: str, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", rule_id]) == 2
    assert hint in capsys.readouterr().err


@pytest.mark.parametrize("name", STAGES)
def test_the_rules_of_every_stage_have_their_text(name: str) -> None:
    rules = list(load_stage(name).rules(Settings()))
    assert all(rule.stage == name and rule.title and rule.why and rule.mend for rule in rules)
    assert len({rule.id for rule in rules}) == len(rules)


def test_rules_on_the_gate_itself_are_listed_and_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--stage", "gate"]) == 0
    assert "GATE-WAIVER" in capsys.readouterr().out
    assert main(["explain", "gate-settings"]) == 0
    assert "stage gate" in capsys.readouterr().out
