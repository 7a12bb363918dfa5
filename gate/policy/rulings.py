"""Which rule decides on a finding: in each layer the first that matches, and of these the strictest."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from gate.core.durations import timedelta_of
from gate.model import Finding
from gate.policy.conditions import DecisionCase, Test, concerns, passes, tests_of
from gate.policy.layers import PolicyLayer
from gate.settings.policy import Effect, Rule

_Rules = list[tuple[Rule, tuple[Test, ...]]]


class Ruling(msgspec.Struct, frozen=True, gc=False):
    """A rule that matched a finding, and what it does to it today."""

    layer: PolicyLayer
    rule: Rule
    effect: Effect
    blocks_from: str | None = None
    """First day on which it blocks, while its grace holds."""


class Rulings:
    """Matches findings with the rules of the layers; the rules for a stage, and their tests, are selected once."""

    def __init__(self, layers: Sequence[PolicyLayer], now: datetime) -> None:
        self._layers = layers
        self._now = now
        self._rules: dict[tuple[str, bool], list[tuple[PolicyLayer, _Rules]]] = {}

    def strictest(self, finding: Finding, *, is_new: bool) -> Ruling | None:
        """Return the ruling that holds, of equally strict ones the highest layer's; None if no layer has one."""
        found = [ruling for ruling in self.of_each_layer(finding, is_new=is_new) if ruling is not None]
        return max(found, key=lambda ruling: ruling.effect.strictness) if found else None

    def of_each_layer(self, finding: Finding, *, is_new: bool) -> list[Ruling | None]:
        """Return what each layer says, None for one of which no rule matches."""
        case = DecisionCase(finding, is_new, self._now)
        found: list[Ruling | None] = []
        for layer, rules in self._rules_for(finding.stage, is_new):
            for rule, tests in rules:
                if passes(tests, case):
                    found.append(_ruling(layer, rule, case))
                    break
            else:
                found.append(None)
        return found

    def _rules_for(self, stage: str, is_new: bool) -> "list[tuple[PolicyLayer, _Rules]]":
        known = self._rules.get((stage, is_new))
        if known is None:
            known = [(layer, _rules_for(layer, stage, is_new)) for layer in self._layers]
            self._rules[stage, is_new] = known
        return known


def _rules_for(layer: PolicyLayer, stage: str, is_new: bool) -> _Rules:
    return [(rule, tests_of(rule.when)) for rule in layer.rules if concerns(rule.when, stage, is_new)]


def _ruling(layer: PolicyLayer, rule: Rule, case: DecisionCase) -> Ruling:
    if rule.effect is not Effect.BLOCK:
        return Ruling(layer, rule, rule.effect)
    left = _grace_left(rule, case)
    if left > timedelta():
        return Ruling(layer, rule, Effect.WARN, (case.now + left).date().isoformat())
    return Ruling(layer, rule, Effect.BLOCK if layer.enforce else Effect.WARN)


def _grace_left(rule: Rule, case: DecisionCase) -> timedelta:
    """Return how long the rule's grace still holds; nothing for a finding of unknown age."""
    span = rule.grace.get(case.finding.severity) if rule.grace else None
    if span is None or (age := case.age) is None:
        return timedelta()
    return timedelta_of(span) - age
