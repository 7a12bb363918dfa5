"""Settings from file, environment and flags: their order of strength, and errors that help."""

import argparse
import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gate.app.project import open_project, target_of
from gate.cli import Parser
from gate.cli.options import add_options, from_flags
from gate.core import yaml
from gate.core.errors import ConfigError, LimitError, UsageError
from gate.policy.trust import KEYS, all_keys, key_of
from gate.reports import check_reports
from gate.settings.options import from_environment, options
from gate.settings.sources import parsed_file, read_file
from gate.stages import STAGES


def parse(*words: str) -> argparse.Namespace:
    parser = Parser(prog="gate run", allow_abbrev=False)
    add_options(parser)
    return parser.parse_args(list(words))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("no_such_key: 1\n", "gate.yaml:1: unknown key no_such_key in the top level"),
        (
            "\nstages:\n  secrets:\n    basline: x\n",
            "gate.yaml:4: unknown key basline in stages.secrets; did you mean baseline?",
        ),
        ("policy:\n  rules:\n  - {id: a, why: b, when: {severty: high}}\n", "did you mean severity?"),
        ("jobs: many\n", "gate.yaml:1: jobs: Expected `int`, got `str`"),
        ("jobs: [\n", "cannot be parsed"),
        ("- a\n", "Expected `object`, got `array`"),
        ("stages: {1: x}\n", "stages: a key is no text"),
        ("policy: {rules: [{id: a}]}\n", "missing required field `why`"),
        ("a: &a [x]\nb: [" + "*a, " * 200 + "]\n", "aliases"),
        ("[" * 100_000, "cannot be parsed"),
        ("offline: true\noffline: false\n", "gate.yaml:2: cannot be parsed: offline stands twice"),
        ("policy: {rules: [{id: a, why: b, when: {stage: []}}]}\n", "length >= 1"),
    ],
)
def test_a_wrong_file_is_said_with_its_line_and_the_nearest_key(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "gate.yaml").write_text(text)
    with pytest.raises(ConfigError) as raised:
        read_file(str(tmp_path / "gate.yaml"))
    assert words in str(raised.value)
    assert raised.value.exit_status == 2


def test_a_key_that_a_merge_brings_may_be_given_again_wherever_it_is_merged_from() -> None:
    base = "base: &base {a: 1, b: 2}\nwithin:\n  first: &first\n    <<: *base\n    a: 3\n"
    written = yaml.parse(f"{base}second:\n  <<: *first\n  c: 4\n", "gate.yaml")
    assert written["within"]["first"] == {"a": 3, "b": 2}
    assert written["second"].keys() == {"a", "b", "c"}


SIGNS = ["a", "b", ": ", "- ", "\n", "  ", "{", "}", "[", "]", ",", "&x ", "*x", "<<: ", "? ", "'", "|", "\x01"]
TAGS = ["!!int ", "!!bool ", "!!float ", "!!timestamp ", "!!binary ", "!!omap ", "!!set "]
WORDS = st.sampled_from([*SIGNS, *TAGS])


@settings(suppress_health_check=[HealthCheck.too_slow])  # a machine that does much else makes the words slowly
@given(st.lists(WORDS, max_size=30).map("".join))
def test_any_yaml_is_read_or_is_a_clear_error(text: str) -> None:
    with suppress(ConfigError, LimitError):
        yaml.parse(text, "gate.yaml")


def test_yes_and_no_are_words(tmp_path: Path) -> None:
    (tmp_path / "gate.yaml").write_text("policy: {rules: [{id: a, why: b, when: {in_use: [yes, no]}}]}\n")
    (rule,) = open_project(str(tmp_path), flags={}).settings.policy.rules
    assert isinstance(rule.when.in_use, tuple)
    assert [one.value for one in rule.when.in_use] == ["yes", "no"]


def test_flags_are_stronger_than_the_environment_and_that_than_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gate.yaml").write_text("jobs: 1\ntimeout: 1\nmemory: 100000000\n")
    monkeypatch.setenv("GATE_TIMEOUT", "2")
    monkeypatch.setenv("GATE_MEMORY", "200000000")
    settings = open_project(str(tmp_path), flags=from_flags(parse("--memory", "300000000"))).settings
    assert (settings.jobs, settings.timeout, settings.memory) == (1, 2, 300_000_000)


@pytest.mark.parametrize("table", ["[tool]\ngate = {jobs = 7}", '[tool."gate"]\njobs = 7', "[ tool . gate ]\njobs = 7"])
def test_they_can_be_written_there_in_every_way_of_toml(tmp_path: Path, table: str) -> None:
    (tmp_path / "pyproject.toml").write_text(table)
    assert open_project(str(tmp_path), flags={}).settings.jobs == 7


@pytest.mark.parametrize("other", ["gate.yml", ".gate.yaml", ".gate.yml", "pyproject.toml"])
def test_settings_in_two_files_are_refused(tmp_path: Path, other: str) -> None:
    (tmp_path / "gate.yaml").write_text("jobs: 1\n")
    (tmp_path / other).write_text("[tool.gate]\njobs = 2\n" if other == "pyproject.toml" else "jobs: 2\n")
    with pytest.raises(ConfigError, match=f"settings as well as {other}"):
        open_project(str(tmp_path), flags={})


def test_a_settings_file_that_leads_nowhere_is_not_taken_for_none(tmp_path: Path) -> None:
    (tmp_path / "gate.yaml").symlink_to("gone.yaml")
    with pytest.raises(ConfigError, match="cannot be read"):
        open_project(str(tmp_path), flags={})


@pytest.mark.parametrize("name", ["gate.yaml", "pyproject.toml", ".gate/waivers.yaml", ".gate/baseline.jsonl"])
@pytest.mark.parametrize("leads_to", ["pipe", "/dev/zero", "folder", "nowhere"])
def test_a_file_of_the_project_that_never_ends_is_not_waited_for(tmp_path: Path, name: str, leads_to: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).symlink_to(tmp_path / leads_to)
    with pytest.raises(ConfigError, match=rf"{name}: (is not a regular file|cannot be read)"):
        open_project(str(tmp_path), flags={})


def test_a_table_that_is_none_has_no_settings(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('tool = "gate"\n')
    open_project(str(tmp_path), flags={})


@pytest.mark.parametrize("words", [{"policy": ""}, {"config": ""}])
def test_an_empty_flag_does_not_take_a_policy_away(tmp_path: Path, words: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="is empty"):
        open_project(str(tmp_path), flags={}, **words)


@pytest.mark.parametrize("words", [["--advisories", ""], ["--since", ""], ["--image", ""]])
def test_so_is_an_empty_flag_of_a_setting(words: list[str]) -> None:
    with pytest.raises(UsageError, match=f"{words[0]} is empty"):
        from_flags(parse(*words))


@pytest.mark.parametrize(
    ("reports", "said"),
    [
        ({"json": "out", "sarif": "./out"}, "json and sarif are to be written to one place"),
        ({"json": "-", "sarif": "-"}, "json and sarif are to be written to one place"),
        ({"jsno": "-"}, "there is no report format 'jsno'"),
    ],
)
def test_reports_have_formats_and_places_of_their_own(reports: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        check_reports(reports)
    check_reports({"json": "-", "sarif": "out"})


def test_a_format_is_given_once() -> None:
    with pytest.raises(UsageError, match="--report: json is given twice"):
        from_flags(parse("--report", "json=a", "--report", "json=b"))


def test_an_empty_target_is_not_the_current_folder() -> None:
    with pytest.raises(UsageError, match="a target is empty"):
        target_of("")


def test_a_login_in_a_reference_is_not_shown() -> None:
    with pytest.raises(UsageError) as raised:
        target_of("registry:user:hunter2@registry.example.com/shop/api:1")
    assert "hunter2" not in str(raised.value)


def test_a_rule_for_a_mistyped_stage_is_refused(tmp_path: Path) -> None:
    (tmp_path / "gate.yaml").write_text("policy: {rules: [{id: a, why: b, when: {stage: secret}}]}\n")
    with pytest.raises(ConfigError, match="rule a: there is no stage secret; did you mean secrets"):
        open_project(str(tmp_path), flags={})


def test_settings_can_live_in_pyproject(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.gate]\njobs = 3\n")
    assert open_project(str(tmp_path), flags={}).settings.jobs == 3
    (tmp_path / "pyproject.toml").write_text("[tool.gate]\njbos = 3\n")
    with pytest.raises(ConfigError, match="did you mean jobs"):
        open_project(str(tmp_path), flags={})


def test_a_source_of_the_file_is_relative_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "gate.yaml").write_text("advisories: {source: advisories}\n")
    source = open_project(str(tmp_path), flags={}).settings.advisories.source
    assert source == os.path.join(tmp_path, "advisories")


def test_every_setting_has_a_flag_and_a_variable_of_its_own() -> None:
    flags = [option.flag for option in options()]
    assert len(set(flags)) == len(flags)
    for flag in ("--since", "--image", "--report", "--advisories", "--offline", "--jobs", "--timeout", "--no-cache"):
        assert flag in flags
    assert from_flags(parse("--no-cache")) == {"cache": False}
    assert from_environment({"GATE_CACHE": "no", "GATE_IMAGE": "a, b"}) == {
        "cache": False,
        "images": [{"ref": "a"}, {"ref": "b"}],
    }


def test_stage_and_skip_choose_stages() -> None:
    stages = from_flags(parse("--stage", "secrets", "--stage", "image", "--skip", "image"))["stages"]
    assert [name for name, section in stages.items() if section["enabled"]] == ["secrets"]


@pytest.mark.parametrize(
    ("words", "run"),
    [
        ((), ("a", "b")),
        (("--stage", "secrets"), ()),
        (("--stage", "secrets", "--stage", "b"), ("b",)),
        (("--skip", "a", "--skip", "secrets"), ("b",)),
        (("--stage", "a", "--stage", "b", "--skip", "a"), ("b",)),
    ],
)
def test_stage_and_skip_choose_plugins(tmp_path: Path, words: tuple[str, ...], run: tuple[str, ...]) -> None:
    (tmp_path / "gate.yaml").write_text("plugins: {a: {}, b: {}}\n")
    flags = from_flags(parse(*words, "--allow", "plugins"))
    assert open_project(str(tmp_path), flags=flags).settings.plugin_stages == run


def test_stage_is_stronger_than_a_skip_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gate.yaml").write_text("plugins: {a: {}}\n")
    monkeypatch.setenv("GATE_SKIP", "a,secrets")
    assert open_project(str(tmp_path), flags={}).settings.plugin_stages == ()
    flags = from_flags(parse("--stage", "a", "--allow", "plugins"))
    assert open_project(str(tmp_path), flags=flags).settings.plugin_stages == ("a",)


@pytest.mark.parametrize("flag", ["--stage", "--skip"])
def test_a_stage_that_is_neither_the_gates_nor_a_plugin_of_the_settings_is_said(tmp_path: Path, flag: str) -> None:
    (tmp_path / "gate.yaml").write_text("plugins: {a: {}}\n")
    with pytest.raises(UsageError, match="no such stage: sekrets") as raised:
        open_project(str(tmp_path), flags=from_flags(parse(flag, "sekrets")))
    assert raised.value.hint == f"Stages: {', '.join(STAGES)}, a"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--ofline"], "Did you mean --offline?"),
        (["--report", "junit"], "FORMAT=FILE"),
        (["--jobs", "x"], "invalid int"),
    ],
)
def test_a_wrong_flag_is_said(words: list[str], said: str) -> None:
    with pytest.raises(UsageError, match=said) as raised:
        from_flags(parse(*words))
    assert said in str(raised.value)


def test_an_empty_variable_gives_no_value_and_an_empty_list() -> None:
    assert from_environment(dict.fromkeys(("GATE_SINCE", "GATE_JOBS", "GATE_OFFLINE"), "")) == {}
    assert from_environment({"GATE_IMAGE_BASES": "", "GATE_SECRETS_IGNORE": ""}) == {
        "stages": {"image": {"bases": {}}, "secrets": {"ignore": []}}
    }


@pytest.mark.parametrize("variable", ["GATE_JOBS", "GATE_OFFLINE", "GATE_REPORT"])
def test_a_wrong_variable_is_said(variable: str) -> None:
    with pytest.raises(UsageError):
        from_environment({variable: "wrong"})


def test_two_rules_of_one_id_are_refused(tmp_path: Path) -> None:
    (tmp_path / "gate.yaml").write_text("policy: {rules: [{id: a, why: b}, {id: a, why: c}]}\n")
    with pytest.raises(ConfigError, match="two rules have the id a"):
        open_project(str(tmp_path), flags={})


def test_every_key_says_who_may_say_it_and_which_way_is_tighter() -> None:
    assert [path for path in all_keys() if key_of(path) is None] == [], "write it into gate/policy/trust.py"
    named = {".".join(path) for path in all_keys()} | {".".join(("stages", "*", *path[2:])) for path in all_keys()}
    assert set(KEYS) <= named, "no setting has this name"


def test_all_that_is_wrong_in_a_file_is_said_at_once_each_with_its_line() -> None:
    text = (
        "offline: maybe\n"
        "policy:\n"
        "  rules:\n"
        "    - {id: a, when: {severty: high}}\n"
        "    - 7\n"
        "    - {id: c, why: y, when: {severity: hugh}}\n"
        "rules: []\n"
        "stages:\n"
        "  secrets: {enbled: true}\n"
    )
    with pytest.raises(ConfigError) as caught:
        parsed_file(text, "gate.yaml", "", "gate.yaml")
    assert str(caught.value).splitlines() == [
        "gate.yaml:1: offline: Expected `bool`, got `str`",
        "gate.yaml:4: unknown key severty in policy.rules.0.when; did you mean severity?",
        "gate.yaml:4: policy.rules.0: Object missing required field `why`",
        "gate.yaml:5: policy.rules.1: Expected `object`, got `int`",
        "gate.yaml:6: policy.rules.2.when.severity: Invalid enum value 'hugh'",
        "gate.yaml:7: unknown key rules in the top level; did you mean policy.rules?",
        "gate.yaml:9: unknown key enbled in stages.secrets; did you mean enabled?",
    ]
