"""Layers: who may say what, and what is an attempt to loosen."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gate.core.errors import ConfigError
from gate.model import Severity
from gate.policy import conditions as asked
from gate.policy.conditions import DecisionCase
from gate.policy.layers import PolicySource, built_in, layers_of
from gate.policy.strictness import covers, is_looser
from gate.settings.policy import Condition, Effect, PolicySettings, Rule
from tests.policy.test_decide import NOW, finding


def policy(**parts: Any) -> PolicySettings:
    return msgspec.convert(parts, PolicySettings)


def rule(**parts: Any) -> Rule:
    return msgspec.convert({"id": "r", "why": "w", **parts}, Rule)


def source(name: str, *rules: dict[str, Any]) -> PolicySource:
    return PolicySource(name, policy(rules=[{"id": "r", "why": "w", **one} for one in rules]))


def test_without_a_policy_above_the_built_in_rules_are_the_projects_to_replace() -> None:
    (layer,) = layers_of(source("gate.yaml", {"id": "secrets", "when": {"secret": True, "confidence": "high"}}))
    sources = {rule.id: layer.source_of(rule) for rule in layer.rules}
    assert len(sources) == len(layer.rules)
    assert (sources["secrets"], sources["exploited"]) == ("gate.yaml", "built-in policy")


def test_what_may_never_be_waived_is_a_rule() -> None:
    above = PolicySource("org.yaml", policy(waivers={"never": ["secretz"]}))
    with pytest.raises(ConfigError, match=r"there is no rule secretz.*Did you mean secrets"):
        layers_of(source("gate.yaml"), [above])


def test_under_an_organisation_the_built_in_rules_are_the_organisations() -> None:
    above, own = layers_of(source("gate.yaml", {"id": "strict"}), [source("org.yaml", {"id": "own"})])
    assert {one.id for one in above.rules} == {"own", *(one.id for one in built_in().rules)}
    assert [one.id for one in own.rules] == ["strict"]


def test_an_owners_rules_stand_between_those_that_nobody_sets_aside_and_the_others() -> None:
    (layer,) = layers_of(source("gate.yaml", {"id": "own"}))
    ids = [rule.id for rule in layer.rules]
    assert ids[: ids.index("own")] == ["malicious", "malicious-before"]


@pytest.mark.parametrize(
    ("own", "above"),
    [
        ({"effect": "warn"}, {"effect": "block"}),
        ({"when": {"severity": "critical"}}, {"when": {"severity": "high"}}),
        ({"when": {"severity": "high", "fixable": True}}, {"when": {"severity": "high"}}),
        ({"when": {"stage": "image"}}, {"when": {"stage": ["image", "secrets"]}}),
        ({"when": {"epss": 0.5}}, {"when": {"epss": 0.1}}),
        ({"when": {"age": "2w"}}, {"when": {"age": "7d"}}),
        ({"grace": {"high": "30d"}}, {"grace": {"high": "14d"}}),
        ({"grace": {"low": "1d"}}, {"grace": {"high": "14d"}}),
        ({"when": {"new": False}}, {"when": {}}),
    ],
)
def test_a_looser_rule_of_the_same_id_is_an_error_that_names_both_places(
    own: dict[str, Any], above: dict[str, Any]
) -> None:
    with pytest.raises(ConfigError, match=r"gate\.yaml: the rule r is looser than the rule r of org\.yaml"):
        layers_of(source("gate.yaml", own), [source("org.yaml", above)])
    layers_of(source("gate.yaml", above), [source("org.yaml", above)])


@pytest.mark.parametrize(
    ("own", "above"),
    [
        ({"when": {"severity": "low"}}, {"when": {"severity": "high"}}),
        ({"when": {}}, {"when": {"severity": "high", "fixable": True}}),
        ({"effect": "block"}, {"effect": "warn"}),
        ({"when": {"stage": ["image", "secrets", "ci"]}}, {"when": {"stage": "image"}}),
        ({"grace": {"high": "7d"}}, {"grace": {"high": "2w"}}),
    ],
)
def test_a_stricter_rule_of_the_same_id_is_welcome(own: dict[str, Any], above: dict[str, Any]) -> None:
    layers_of(source("gate.yaml", own), [source("org.yaml", above)])


def test_a_built_in_rule_is_not_loosened_under_an_organisation_either() -> None:
    loose = source("gate.yaml", {"id": "secrets", "when": {"secret": True, "confidence": "high"}})
    with pytest.raises(ConfigError, match="looser than the rule secrets of built-in policy"):
        layers_of(loose, [source("org.yaml")])


conditions = st.builds(
    Condition,
    severity=st.none() | st.sampled_from(Severity),
    stage=st.none() | st.sampled_from(["dockerfile", "secrets", ("dockerfile", "secrets")]),
    secret=st.none() | st.booleans(),
    new=st.none() | st.booleans(),
)
cases = st.builds(
    DecisionCase,
    st.builds(finding, severity=st.sampled_from(Severity), stage=st.sampled_from(["dockerfile", "secrets"])),
    st.booleans(),
    st.just(NOW),
)


def holds(condition: Condition, case: DecisionCase) -> bool:
    is_concerned = asked.concerns(condition, case.finding.stage, case.is_new)
    return is_concerned and asked.passes(asked.tests_of(condition), case)


@given(conditions, conditions, cases)
def test_a_condition_that_covers_another_holds_wherever_the_other_does(
    wider: Condition, narrower: Condition, case: DecisionCase
) -> None:
    if covers(wider, narrower) and holds(narrower, case):
        assert holds(wider, case)


@given(conditions, st.sampled_from(Effect))
def test_a_rule_is_not_looser_than_itself(when: Condition, effect: Effect) -> None:
    same = rule(effect=effect.value, when=msgspec.to_builtins(when))
    assert not is_looser(same, same)
