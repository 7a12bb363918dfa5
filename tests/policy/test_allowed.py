"""What needs the word of whoever starts the gate: as the settings are opened."""

from pathlib import Path

import pytest

from gate.app.project import open_project
from gate.core.errors import ConfigError
from gate.policy.allowed import may_use_cel
from gate.settings import Permission, Settings
from gate.settings.policy import Condition, PolicySettings, Rule


def test_what_whoever_starts_the_gate_names_needs_no_word(tmp_path: Path) -> None:
    plugins = {"plugins": {"thing": {}}, "stages": {"image": {"yara": ["rules"], "plugins": ["thing"]}}}
    settings = open_project(str(tmp_path), flags=plugins).settings
    assert settings.plugin_stages == ("thing",)


def test_a_tool_that_is_named_as_the_organisation_names_it_needs_no_word(tmp_path: Path) -> None:
    tool = {"command": ["lint"], "format": "sarif"}
    (tmp_path / "gate.yaml").write_text("tools: {lint: {command: [lint], format: sarif}}\n")
    assert open_project(str(tmp_path), flags={"tools": {"lint": tool}}).settings.allow_tools
    assert not open_project(str(tmp_path), flags={}).settings.allow_tools
    assert not open_project(str(tmp_path), flags={"tools": {"other": tool}}).settings.allow_tools


def test_a_stage_that_does_not_run_asks_for_nothing(tmp_path: Path) -> None:
    (tmp_path / "gate.yaml").write_text("stages: {image: {enabled: false, yara: [rules]}}\n")
    open_project(str(tmp_path), flags={})


def test_each_word_is_for_one_thing(tmp_path: Path) -> None:
    (tmp_path / "gate.yaml").write_text("stages: {image: {yara: [rules]}}\n")
    for word in Permission.__args__:  # type: ignore[attr-defined]
        if word == "yara":
            open_project(str(tmp_path), flags={"allow": [word]})
        else:
            with pytest.raises(ConfigError, match="--allow yara"):
                open_project(str(tmp_path), flags={"allow": [word]})


def test_an_expression_needs_the_word_unless_the_stated_policy_has_the_very_rule() -> None:
    plain = Rule(id="plain", why="Plain.")
    ours, theirs = (Rule(id=name, why="CEL.", when=Condition(cel="true")) for name in ("ours", "theirs"))
    stated = Settings(policy=PolicySettings(rules=(ours,)))
    assert may_use_cel(PolicySettings(rules=(plain,)), Settings())
    assert may_use_cel(PolicySettings(rules=(plain, ours)), stated)
    assert not may_use_cel(PolicySettings(rules=(ours, theirs)), stated)
    assert not may_use_cel(PolicySettings(rules=(ours,)), Settings())
    assert may_use_cel(PolicySettings(rules=(theirs,)), Settings(allow=("cel",)))
