"""hadolint's comments: what they silence, and what they say of the shell."""

from collections.abc import Callable

import pytest

from gate.dockerfile.build import Build
from gate.dockerfile.lint import Linted
from gate.dockerfile.pragmas import CHECKS
from gate.dockerfile.rules import all_rules

Lint = Callable[..., Linted]


def rules(linted: Linted) -> set[tuple[str, int]]:
    return {(one.rule, one.location.line or 0) for one in linted.findings if one.rule in ("DL3004", "DL4006", "DL1001")}


SILENCED = [
    "# hadolint ignore=DL3004",
    "#hadolint ignore=DL3004",
    "# hadolint ignore = DL3004",
    "# hadolint ignore=dl3004 # because",
    "# hadolint ignore=DL3003,DL3004",
    "# hadolint ignore=DL3003 , DL3004",
    "# hadolint ignore=DL3004\n# hadolint ignore=DL3003",
    "# hadolint ignore=DL3004\n\n# words",
]


@pytest.mark.parametrize("comment", SILENCED)
def test_a_pragma_is_for_the_next_instruction_alone(lint_text: Lint, comment: str) -> None:
    linted = lint_text(f"FROM a:1\n{comment}\nRUN sudo a\nRUN sudo b\n")
    assert rules(linted) == {("DL3004", 4 + comment.count("\n"))}
    assert linted.suppressed


@pytest.mark.parametrize("comment", ["# see hadolint ignore=DL3004", "# Hadolint ignore=DL3004", "# hadolint ignore="])
def test_other_comments_are_none(lint_text: Lint, comment: str) -> None:
    assert rules(lint_text(f"FROM a:1\n{comment}\nRUN sudo a\n")) == {("DL3004", 3)}


@pytest.mark.parametrize(
    "place", ["# hadolint global ignore=DL3004\nFROM a:1\n", "FROM a:1\n# hadolint global ignore=DL3004\n"]
)
def test_a_global_pragma_is_for_the_file(lint_text: Lint, place: str) -> None:
    assert not rules(lint_text(f"{place}RUN sudo a\nRUN sudo b\n"))


def test_a_stage_pragma_holds_from_its_place_to_the_end_of_the_stage(lint_text: Lint) -> None:
    text = (
        "FROM a:1\nRUN sudo a\n# hadolint stage ignore=DL3004\nRUN sudo b\nUSER 1\nRUN sudo c\nFROM a:2\nRUN sudo d\n"
    )
    linted = lint_text(text)
    assert rules(linted) == {("DL3004", 2), ("DL3004", 8)}
    assert {one.comment for one in linted.silenced if one.rule == "DL3004"} == {"hadolint stage ignore=DL3004"}
    assert rules(lint_text(text, no_pragmas=True)) == {("DL3004", line) for line in (2, 4, 6, 8)}


def test_a_stage_pragma_above_from_holds_for_from_itself_and_its_scripts(lint_text: Lint) -> None:
    text = "FROM a:1\n# hadolint stage ignore=DL3006,DL3004\nFROM b AS c\nRUN sudo a\n"
    found = {one.rule for one in lint_text(text).findings}
    assert not found & {"DL3006", "DL3004"}


def check_rules(linted: Linted) -> set[tuple[str, int]]:
    return {(one.rule, one.location.line or 0) for one in linted.findings if one.rule in ("DL4000", "DL3025", "GD102")}


def test_the_check_directive_silences_what_says_the_same_as_the_check(lint_text: Lint) -> None:
    text = "FROM a:1\nMAINTAINER me\nCMD run\n"
    assert check_rules(lint_text(text)) == {("DL4000", 2), ("DL3025", 3)}
    assert check_rules(lint_text(f"# check=skip=MaintainerDeprecated;error=true\n{text}")) == {("DL3025", 4)}
    assert not check_rules(lint_text(f"# syntax=docker/dockerfile:1\n# check=error=true;skip=all\n{text}"))
    assert check_rules(lint_text(f"# check=skip=all\n{text}", no_pragmas=True)) == {("DL4000", 3), ("DL3025", 4)}


def test_the_check_directive_counts_at_the_top_of_the_file_or_above_an_instruction(lint_text: Lint) -> None:
    text = "FROM a:1\n# check=skip=JSONArgsRecommended\nCMD run\nENTRYPOINT go\n"
    assert check_rules(lint_text(text)) == {("DL3025", 4)}


@pytest.mark.parametrize("checks", ["all", "SecretsUsedInArgOrEnv"])
def test_what_looks_at_more_than_the_check_does_is_not_skipped_with_it(lint_text: Lint, checks: str) -> None:
    linted = lint_text(f"# check=skip={checks}\nFROM a:1\nENV DB_PASSWORD=correct-horse\n")
    found = {one.rule for one in linted.findings}
    assert "GD004" in found
    assert "DL3064" not in found


def test_every_rule_that_a_check_stands_for_is_there() -> None:
    assert {rule for rules in CHECKS.values() for rule in rules} <= {rule.id for rule in all_rules()}


def test_what_the_check_directive_skips_is_a_silence_of_the_file_at_its_line(lint_text: Lint) -> None:
    silences = lint_text("# escape=\\\n# check=skip=UndefinedVar\nFROM a:1\n").silences
    assert [(one.rule, one.line) for one in silences] == [("GD102", 2)]


def test_a_pragma_does_not_silence_the_rule_about_pragmas(lint_text: Lint) -> None:
    text = "FROM a:1\n# hadolint ignore=DL1001\nRUN a\n"
    assert rules(lint_text(text, rules={"DL1001": "low"})) == {("DL1001", 3)}
    assert not rules(lint_text(text))
    assert not rules(lint_text(f"# hadolint global ignore=DL1001\n{text}", rules={"DL1001": "low"}))


@pytest.mark.parametrize("shell", ["powershell", "pwsh", "cmd.exe /S", "powershell.exe", "/bin/bash -o pipefail -c"])
def test_shell_names_what_reads_the_scripts(lint_text: Lint, shell: str) -> None:
    text = f"FROM a:1\n# hadolint shell={shell}\nRUN a | b\nRUN c | d\nFROM a:2\nRUN e | f\n"
    assert rules(lint_text(text)) == {("DL4006", 6)}


def test_shell_holds_until_another_one(build_of: Callable[[str], Build]) -> None:
    build = build_of(
        "FROM a:1\nRUN a\n# hadolint shell=pwsh -c # words\nRUN b\nRUN c\n# hadolint shell=bash\nRUN d\n"
        'SHELL ["/bin/ash", "-c"]\nRUN e\n'
    )
    shells = [step.shell for step in build.steps() if step.name == "RUN"]
    assert shells == [(), ("pwsh", "-c"), ("pwsh", "-c"), ("bash",), ("/bin/ash", "-c")]
