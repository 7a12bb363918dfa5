"""Folders of rules: what is read, and what is said of rules that cannot be used."""

from pathlib import Path

import pytest

from gate.core.errors import ConfigError, GateError, LimitError, UsageError
from gate.images.yara import rules
from gate.images.yara.rules import RuleFile, compiled, identity_of, path_variables, rule_files

GOOD = 'rule ours { strings: $a = "brought" condition: $a }'


def test_our_own_rules_come_first_then_those_of_the_folders(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "b.yar").write_text(GOOD)
    (tmp_path / "deep" / "a.yara").write_text(GOOD)
    (tmp_path / "README.md").write_text("no rule")
    names = [file.name for file in rule_files([str(tmp_path)])]
    assert names[0].startswith("gate:")
    assert names[-2:] == ["b.yar", "deep/a.yara"]


def test_two_files_may_use_the_same_name_for_a_rule() -> None:
    found = compiled([RuleFile("a.yar", GOOD), RuleFile("b.yar", GOOD)])
    assert [(rule.identifier, rule.namespace) for rule in found] == [("ours", "a.yar"), ("ours", "b.yar")]


WRONG = {
    "rule a { condition: $b }": "a.yar: line 1: unknown pattern",
    "\nrule a { condition: tru }": "a.yar: line 2: unknown identifier",
    "rule a {": "a.yar: line 1: syntax error",
    'include "/etc/passwd"': "a.yar: line 1: include statements not allowed",
    'import "nothing"': "a.yar: line 1: unknown module",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_rule_is_an_error_with_file_and_line(text: str) -> None:
    with pytest.raises(ConfigError) as raised:
        compiled([RuleFile("good.yar", GOOD), RuleFile("a.yar", text)])
    assert str(raised.value).startswith(WRONG[text])


def test_rules_without_yara_x_are_an_error_and_our_own_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "is_installed", lambda: False)
    assert rule_files(()) == ()
    with pytest.raises(UsageError, match="YARA-X is not installed") as raised:
        rule_files(["rules"])
    assert raised.value.hint == "pip install yara-x"


def refusal(folder: Path) -> GateError:
    with pytest.raises(GateError) as raised:
        rule_files([str(folder)])
    return raised.value


def test_a_folder_that_is_not_there_or_holds_no_rules_is_an_error(tmp_path: Path) -> None:
    assert "is no folder" in str(refusal(tmp_path / "gone"))
    assert "holds no rules" in str(refusal(tmp_path))


def test_rules_are_bounded_and_have_to_be_utf8(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.yar").write_bytes(b"// \xff")
    assert "is no UTF-8 (byte 3)" in str(refusal(tmp_path))
    monkeypatch.setattr(rules, "MAX_FILE", 3)
    assert isinstance(refusal(tmp_path), LimitError)
    monkeypatch.setattr(rules, "MAX_FILES", 0)
    assert "more than 0 files of rules" in str(refusal(tmp_path))


def test_other_rules_have_another_identity() -> None:
    one, other = RuleFile("a.yar", GOOD), RuleFile("a.yar", GOOD + " ")
    assert identity_of([one]) == identity_of([one]) != identity_of([other])
    assert identity_of([]) == ""


def test_rules_may_ask_about_the_path() -> None:
    assert path_variables("srv/www/x.tar.gz") == {
        "filename": "x.tar.gz",
        "filepath": "/srv/www/x.tar.gz",
        "extension": ".gz",
    }
    assert path_variables(".bashrc")["extension"] == ""
