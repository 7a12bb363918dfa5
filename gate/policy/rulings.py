"""What the rules say of one finding: in each layer the first that matches, and of these the strictest."""

from datetime import datetime, timedelta

import msgspec

from gate.durations import timedelta_of
from gate.model import Finding
from gate.policy.conditions import Case, holds
from gate.policy.layers import Layer
from gate.policy.rules import Effect, Rule


class Ruling(msgspec.Struct, frozen=True):
    """A rule that matched a finding, and what it does to it today."""

    layer: Layer
    rule: Rule
    effect: Effect
    blocks_from: str | None = None
    """First day on which it blocks, while its grace holds."""


def strictest(layers: tuple[Layer, ...], finding: Finding, is_new: bool, now: datetime) -> Ruling | None:
    """Return the ruling that holds, of equally strict ones the highest layer's; None if no layer has one."""
    case = Case(finding, is_new, now)
    found = [ruling for layer in layers if (ruling := ruling_of(layer, case)) is not None]
    return max(found, key=lambda ruling: ruling.effect.strictness, default=None)


def ruling_of(layer: Layer, case: Case) -> Ruling | None:
    """Return what one layer says of a finding, or None if none of its rules matches."""
    rule = next((rule for rule in layer.rules if holds(rule.when, case)), None)
    if rule is None:
        return None
    if rule.effect is not Effect.BLOCK:
        return Ruling(layer, rule, rule.effect)
    left = _grace_left(rule, case)
    if left > timedelta():
        return Ruling(layer, rule, Effect.WARN, (case.now + left).date().isoformat())
    return Ruling(layer, rule, Effect.BLOCK if layer.enforce else Effect.WARN)


def _grace_left(rule: Rule, case: Case) -> timedelta:
    """Return how long the rule's grace still holds; nothing for a finding of unknown age."""
    span = rule.grace.get(case.finding.severity)
    if span is None or (age := case.age) is None:
        return timedelta()
    return timedelta_of(span) - age
