"""What a repository's settings may not say, and what of them can leave something unjudged."""

from typing import Any

import pytest

from gate.core.errors import ConfigError
from gate.policy.fixed import NamedLayer, check_no_opt_in, own_choices, without_opt_ins

IGNORES = {"stages": {"secrets": {"ignore": ["old/**"]}}}


@pytest.mark.parametrize(
    ("file", "environment", "fixed", "choices"),
    [
        (IGNORES, {}, {}, ["the project's settings say of stages.secrets.ignore"]),
        ({}, IGNORES, {}, ["the environment says of stages.secrets.ignore"]),
        (IGNORES, {}, IGNORES, []),
        (
            IGNORES,
            {},
            {"stages": {"image": {"ignore": ["a"]}}},
            ["the project's settings say of stages.secrets.ignore"],
        ),
        ({"jobs": 2, "stages": {"secrets": {"max_file_size": 1}}}, {}, {}, []),
        ({"advisories": {"source": "a"}}, {}, {}, ["the project's settings say of advisories.source"]),
        (
            {"stages": {"image": {"enabled": False}, "secrets": {"paths": ["a"]}}},
            {},
            {"stages": {"image": {"enabled": True}}},
            ["the project's settings say of stages.secrets.paths"],
        ),
    ],
)
def test_choices_that_leave_something_out_are_named_unless_a_policy_fixes_them(
    file: dict[str, Any], environment: dict[str, Any], fixed: dict[str, Any], choices: list[str]
) -> None:
    layers = [NamedLayer("gate.yaml", file), NamedLayer("environment", environment)]
    assert list(own_choices(layers, fixed)) == choices


@pytest.mark.parametrize("said", [{"since": "main"}, {"allow": ["cel"]}, {"allow_tools": True}, {"trust": "head"}])
def test_what_is_for_others_to_say_is_refused_in_a_file(said: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match="is not allowed in a file that may come with the code") as caught:
        check_no_opt_in(NamedLayer("gate.yaml", said))
    assert caught.value.path == "gate.yaml"


@pytest.mark.parametrize("said", [{"since": None}, {"allow_tools": False}, {"jobs": 2}, {}])
def test_a_file_may_say_that_it_asks_for_nothing(said: dict[str, Any]) -> None:
    check_no_opt_in(NamedLayer("gate.yaml", said))


def test_a_file_is_read_without_what_is_for_others_to_say() -> None:
    said = {"since": "main", "jobs": 2, "stages": {"image": {"insecure_registries": ["a"], "ignore": ["b"]}}}
    assert without_opt_ins(said) == {"jobs": 2, "stages": {"image": {"ignore": ["b"]}}}
    assert said["since"] == "main", "the file's own layer is left alone"
